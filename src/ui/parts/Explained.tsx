/**
 * @file A term with its meaning one hover, focus or tap away. The words stand over the page; Escape and
 * leaving close them. A pointer on its way to something else opens nothing, and may go over to the words.
 */
import { Popover } from "@mantine/core";
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import styles from "./Explained.module.css";
import { TERMS, type Meaning, type TermName } from "./terms.ts";

type Position = "bottom" | "bottom-start" | "bottom-end" | "top" | "top-start" | "top-end";

interface ExplainedProps {
  /** The term as it stands on the page. */
  readonly children: ReactNode;
  /** Made when it is asked for, where it has figures of the moment in it. */
  readonly meaning: Meaning | (() => Meaning);
  readonly position?: Position;
}

/** How long a pointer rests before the words come or go, ms. */
const REST_MS = 180;

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
  const wordsId = useId();
  const { later, now } = useLater(setIsOpen);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !isOpen) return;
    event.preventDefault();
    now(false);
  };
  return (
    <Popover
      opened={isOpen}
      onChange={now}
      position={position}
      offset={6}
      width={width}
      shadow="none"
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>
        <button
          type="button"
          className={styles.term}
          aria-describedby={isOpen ? wordsId : undefined}
          onPointerEnter={({ pointerType }) => {
            if (pointerType === "mouse") later(true);
          }}
          onPointerLeave={({ pointerType }) => {
            if (pointerType === "mouse") later(false);
          }}
          onFocus={() => now(true)}
          onBlur={() => now(false)}
          onClick={() => now(true)}
          onKeyDown={onKeyDown}
        >
          {children}
        </button>
      </Popover.Target>
      <Popover.Dropdown
        className={styles.words ?? ""}
        onPointerEnter={() => later(true)}
        onPointerLeave={() => later(false)}
      >
        <div id={wordsId}>{isOpen && words}</div>
      </Popover.Dropdown>
    </Popover>
  );
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

/** Opens and closes at once, or after a rest; what comes last holds. */
function useLater(set: (isOpen: boolean) => void) {
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  return {
    now: (isOpen: boolean): void => {
      clearTimeout(timer.current);
      set(isOpen);
    },
    later: (isOpen: boolean): void => {
      clearTimeout(timer.current);
      timer.current = window.setTimeout(() => set(isOpen), REST_MS);
    },
  };
}
