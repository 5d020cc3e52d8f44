/**
 * @file A term with its meaning one hover, focus or tap away. The words stand over the page for as long as the
 * pointer is on either, or the focus; Escape and leaving both close them. A pointer on its way to something else
 * opens nothing, and may go over to the words. Over something that is open itself they are part of that.
 */
import { Popover } from "@mantine/core";
import {
  createContext,
  use,
  useId,
  useImperativeHandle,
  useRef,
  useState,
  type ReactNode,
  type Ref,
  type RefObject,
} from "react";
import styles from "./Explained.module.css";
import { TERMS, type Meaning, type TermName } from "./terms.ts";
import { useEscape } from "./use-escape.ts";
import { useLater } from "./use-later.ts";

type Position = "bottom" | "bottom-start" | "bottom-end" | "top" | "top-start" | "top-end";

interface ExplainedProps {
  /** The term as it stands on the page. */
  readonly children: ReactNode;
  /** Made when it is asked for, where it has figures of the moment in it. */
  readonly meaning: Meaning | (() => Meaning);
  readonly position?: Position;
}

/** True inside of what hangs over the page itself: a press on words elsewhere would be one outside of it. */
export const IsOver = createContext(false);

/** A term, and what it means with where that comes from. */
export function Explained({ meaning, ...rest }: ExplainedProps) {
  return <Worded {...rest} words={<MeantNow meaning={meaning} />} />;
}

/** Made only where it is shown, so that the figures in it are those of now. */
function MeantNow({ meaning }: Pick<ExplainedProps, "meaning">) {
  return <Meant {...(typeof meaning === "function" ? meaning() : meaning)} />;
}

interface WordedProps {
  readonly children: ReactNode;
  readonly words: ReactNode;
  /** Of the words, px. */
  readonly width?: number;
  readonly position?: Position;
}

/** The same with words of any form. */
export function Worded({ children, words, width = 288, position = "bottom" }: WordedProps) {
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  const wordsId = `${id}words`;
  const { later, now } = useLater(setIsOpen);
  const isOver = use(IsOver);
  const term = useRef<HTMLButtonElement>(null);
  const box = useRef<HTMLDivElement>(null);
  useEscape(isOpen, () => {
    // A focus that was in the words goes back to the term.
    if (box.current?.contains(document.activeElement) === true) term.current?.focus();
    now(false);
  });
  const isHere = (to: EventTarget | null): boolean =>
    to instanceof Node &&
    (term.current?.contains(to) === true || box.current?.contains(to) === true);
  /** The pointer has left; a focus that is still there holds the words. */
  const leave = (): void => {
    if (!isHere(document.activeElement)) later(false);
  };
  const onBlur = ({ relatedTarget }: { readonly relatedTarget: EventTarget | null }): void => {
    if (!isHere(relatedTarget)) now(false);
  };
  return (
    <>
      <button
        ref={term}
        id={id}
        type="button"
        className={styles.term}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-controls={isOpen ? `${id}-dropdown` : undefined}
        aria-describedby={isOpen ? wordsId : undefined}
        onPointerEnter={({ pointerType }) => {
          if (pointerType === "mouse") later(true);
        }}
        onPointerLeave={({ pointerType }) => {
          if (pointerType === "mouse") leave();
        }}
        onFocus={() => now(true)}
        onBlur={onBlur}
        onClick={() => now(true)}
      >
        {children}
      </button>
      {/* Only while it is open: a step has dozens of them (decision 023). */}
      {isOpen && (
        <Popover
          opened
          id={id}
          onChange={now}
          position={position}
          offset={6}
          width={width}
          shadow="none"
          withinPortal={!isOver}
          transitionProps={{ duration: 0 }}
        >
          <Popover.Target>
            <Anchor of={term} />
          </Popover.Target>
          <Popover.Dropdown
            ref={box}
            className={styles.words ?? ""}
            onPointerEnter={() => later(true)}
            onPointerLeave={leave}
            onBlur={onBlur}
          >
            <div id={wordsId}>{words}</div>
          </Popover.Dropdown>
        </Popover>
      )}
    </>
  );
}

interface AnchorProps {
  readonly of: RefObject<HTMLElement | null>;
  readonly ref?: Ref<HTMLElement | null>;
}

/** Stands for an element that is there already: the popover hangs on that one. */
function Anchor({ of, ref }: AnchorProps) {
  useImperativeHandle<HTMLElement | null, HTMLElement | null>(ref, () => of.current, [of]);
  return null;
}

/** The explanation itself: what it means, and where that comes from. */
export function Meant({ means, paper }: Meaning) {
  return (
    <>
      <p>{means}</p>
      {paper !== undefined && <p>{paper}</p>}
    </>
  );
}

interface TermProps {
  readonly of: TermName;
  readonly children: ReactNode;
  readonly position?: Position;
}

/** A term of the common table. */
export function Term({ of, children, position = "bottom" }: TermProps) {
  return (
    <Explained meaning={TERMS[of]} position={position}>
      {children}
    </Explained>
  );
}

interface HelpProps {
  readonly of: TermName;
  /** What it explains, for whoever does not see it. */
  readonly about: string;
}

/** Beside a box to tick, whose label is one target already. */
export function Help({ of, about }: HelpProps) {
  return (
    <Term of={of} position="top-end">
      <span className="visually-hidden">{about}: </span>why
    </Term>
  );
}

/** For a control whose label is a term: the words open the explanation, and still name the control. */
export function useTermLabel(of: TermName, text: string) {
  const id = useId();
  return {
    label: (
      <Term of={of} position="top-start">
        {text}
      </Term>
    ),
    // A label would take the press for its control.
    labelProps: { labelElement: "div", id, className: styles.label ?? "" },
    "aria-labelledby": id,
  } as const;
}
