/**
 * @file The top bar: logo, the network's menu, the five steps in free order, undo, sharing, all commands, the theme.
 */
import { ActionIcon, Menu, useMantineColorScheme } from "@mantine/core";
import { Check, ChevronDown, Contrast, Link, Redo2, Search, Undo2 } from "lucide-react";
import type { KeyboardEvent, ReactNode } from "react";
import {
  networkTitle,
  STEPS,
  useCommands,
  useHistory,
  usePage,
  useTraining,
  type Step,
} from "../../state/index.ts";
import type { Reach } from "../actions/action.ts";
import { keysOf, withKeys } from "./key-words.ts";
import { useSaveProject } from "../load/Project.tsx";
import { heldBack } from "../parts/held-back.ts";
import { described, named } from "../parts/named.ts";
import { pickFiles } from "../parts/pick-files.ts";
import { useIsPhone } from "../parts/use-media.ts";
import { Logo } from "./Logo.tsx";
import { STEP_TITLES } from "../step-titles.ts";
import { seekStructure } from "../structure/structure-view.ts";
import styles from "./TopBar.module.css";

export function TopBar({ reach }: { readonly reach: Reach }) {
  const isPhone = useIsPhone();
  return (
    <header className={styles.bar}>
      <div className={styles.brand}>
        {isPhone ? (
          <NetworkMenu>
            <Logo size={32} />
          </NetworkMenu>
        ) : (
          <Logo size={28} />
        )}
        <h1 className={isPhone ? "visually-hidden" : styles.name}>Espalier</h1>
        {isPhone ? (
          <StepSelect />
        ) : (
          <NetworkMenu>
            <NetworkName />
          </NetworkMenu>
        )}
      </div>
      {!isPhone && <Steps />}
      <div className={styles.tools}>
        <UndoRedo />
        <Share share={reach.share} />
        <CommandsButton onOpen={() => reach.overlay("palette")} />
        <ThemeToggle />
      </div>
    </header>
  );
}

/** Its place is there before the name is. */
function NetworkName() {
  const title = usePage(networkTitle);
  const detail = usePage((state) => state.session?.name);
  const says = title === null ? "" : title === detail ? title : `${title}, ${detail}`;
  return (
    <>
      <span className={styles.networkName} title={says}>
        {title ?? "\u2026"}
      </span>
      {/* Seen once its place is known. */}
      <ChevronDown
        size={14}
        aria-hidden="true"
        visibility={title === null ? "hidden" : "visible"}
      />
    </>
  );
}

/** All about the network, and the theme, for which a narrow bar has no room. */
function NetworkMenu({ children }: { readonly children: ReactNode }) {
  const title = usePage(networkTitle) ?? "none yet";
  const detail = usePage((state) => state.session?.name ?? title);
  const isOpen = usePage((state) => state.session !== null);
  const { goTo, openFiles, openShipped } = useCommands();
  const { words, next } = useTheme();
  const saveProject = useSaveProject();
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <button
          type="button"
          className={styles.network}
          aria-label={`Network: ${title}${detail === title ? "" : `, ${detail}`}`}
        >
          {children}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {title}
          {detail !== title && <span className={styles.detail}>{detail}</span>}
        </Menu.Label>
        {isOpen && (
          <Menu.Item
            onClick={() => {
              seekStructure("graph");
              goTo("load");
            }}
          >
            See it as a graph
          </Menu.Item>
        )}
        <Menu.Item onClick={() => void openShipped()}>Open the shipped demo</Menu.Item>
        <Menu.Item onClick={() => pickFiles((files) => void openFiles(files))}>
          Open files…
        </Menu.Item>
        <Menu.Item onClick={() => goTo("load")}>Build an architecture…</Menu.Item>
        <Menu.Item onClick={() => goTo("export")}>Export…</Menu.Item>
        <Menu.Item onClick={saveProject}>Save the project</Menu.Item>
        <Menu.Divider />
        <Menu.Item closeMenuOnClick={false} onClick={next}>
          Theme: {words}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** A step is done when a network of this visit came out of it. */
function useDone(): ReadonlySet<Step> {
  const runs = usePage((state) => state.runs);
  const done = new Set<Step>();
  if (runs.length > 0) done.add("load");
  for (const { making } of runs) {
    const { kind } = making;
    if (kind === "sparse") done.add("sparse");
    if (kind === "pruned") done.add("prune");
    if (kind === "fine-tuned") done.add("finetune");
  }
  return done;
}

function Steps() {
  const step = usePage((state) => state.step);
  const running = useTraining((state) => (state.status === "running" ? state.purpose : null));
  const done = useDone();
  const { goTo } = useCommands();
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = neighbour(step, event.key);
    if (next === undefined) return;
    event.preventDefault();
    goTo(next);
    document.getElementById(`step-${next}`)?.focus();
  };
  return (
    <div className={styles.steps} role="tablist" aria-label="Steps">
      {STEPS.map((one) => (
        <button
          key={one}
          type="button"
          role="tab"
          id={`step-${one}`}
          aria-selected={one === step}
          {...described(running === one ? "running" : done.has(one) ? "done" : "")}
          aria-controls="step-panel"
          tabIndex={one === step ? 0 : -1}
          className={styles.step}
          onClick={() => goTo(one)}
          onKeyDown={onKeyDown}
        >
          {/* Of one width with and without a mark, and in both weights: nothing beside it moves. */}
          <span className={styles.mark} aria-hidden="true">
            {running === one ? (
              <span className={styles.running} />
            ) : (
              done.has(one) && <Check size={14} />
            )}
          </span>
          <span className={styles.title} data-title={STEP_TITLES[one]}>
            {STEP_TITLES[one]}
          </span>
        </button>
      ))}
    </div>
  );
}

function neighbour(step: Step, key: string): Step | undefined {
  const at = STEPS.indexOf(step);
  if (key === "ArrowRight") return STEPS[(at + 1) % STEPS.length];
  if (key === "ArrowLeft") return STEPS[(at + STEPS.length - 1) % STEPS.length];
  if (key === "Home") return STEPS[0];
  if (key === "End") return STEPS.at(-1);
  return undefined;
}

function StepSelect() {
  const step = usePage((state) => state.step);
  const title = usePage(networkTitle);
  const { goTo } = useCommands();
  return (
    <div className={styles.stepSelect}>
      <select
        aria-label="Step"
        value={step}
        onChange={(event) => goTo(event.currentTarget.value as Step)}
      >
        {STEPS.map((one) => (
          <option key={one} value={one}>
            {STEP_TITLES[one]}
          </option>
        ))}
      </select>
      <ChevronDown size={16} aria-hidden="true" />
      <span className={styles.below} title={title ?? ""} aria-hidden="true">
        {title}
      </span>
    </div>
  );
}

function UndoRedo() {
  const canUndo = useHistory((state) => state.canUndo);
  const canRedo = useHistory((state) => state.canRedo);
  const { undo, redo } = useCommands();
  return (
    <>
      <ActionIcon {...named("Undo", keysOf("undo"))} {...heldBack(!canUndo)} onClick={undo}>
        <Undo2 size={16} />
      </ActionIcon>
      <ActionIcon {...named("Redo", keysOf("redo"))} {...heldBack(!canRedo)} onClick={redo}>
        <Redo2 size={16} />
      </ActionIcon>
    </>
  );
}

function Share({ share }: Pick<Reach, "share">) {
  const hasNetwork = usePage((state) => state.session !== null);
  return (
    <ActionIcon
      className={styles.worded ?? ""}
      aria-label="Share"
      title="Copy a link to this network and its cut"
      disabled={!hasNetwork}
      onClick={() => void share()}
    >
      <Link size={16} />
      <span className={styles.word}>Share</span>
    </ActionIcon>
  );
}

function CommandsButton({ onOpen }: { readonly onOpen: () => void }) {
  return (
    <ActionIcon
      className={styles.worded ?? ""}
      aria-label={`Commands, ${keysOf("palette")}`}
      aria-haspopup="dialog"
      title={withKeys("All commands", "palette")}
      {...described("")}
      onClick={onOpen}
    >
      <Search size={16} className={styles.wordless ?? ""} />
      <span className={styles.word}>{keysOf("palette")}</span>
    </ActionIcon>
  );
}

const NEXT_SCHEME = { auto: "light", light: "dark", dark: "auto" } as const;
const SCHEME_WORDS = { auto: "as the system", light: "light", dark: "dark" } as const;

function useTheme(): { readonly words: string; readonly next: () => void } {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return {
    words: SCHEME_WORDS[colorScheme],
    next: () => setColorScheme(NEXT_SCHEME[colorScheme]),
  };
}

function ThemeToggle() {
  const { words, next } = useTheme();
  return (
    <ActionIcon className={styles.theme ?? ""} {...named(`Theme: ${words}`)} onClick={next}>
      <Contrast size={16} />
    </ActionIcon>
  );
}
