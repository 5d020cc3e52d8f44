/**
 * @file The command palette: every action by its name, found by a few letters. The field keeps the focus and the
 * arrows go through the list, as in a combobox; what cannot be done now stands at the end and says why.
 */
import { Modal } from "@mantine/core";
import { useEffect, useId, useState, type KeyboardEvent } from "react";
import {
  useActivity,
  useHistory,
  useMethod,
  usePage,
  useSensitivity,
  useTraining,
} from "../../state/index.ts";
import { useEscape } from "../parts/use-escape.ts";
import type { Action, Reach } from "../actions/action.ts";
import { filterActions } from "../actions/filter-actions.ts";
import { listActions } from "../actions/list.ts";
import { keysOf } from "./key-words.ts";
import styles from "./Palette.module.css";

interface PaletteProps {
  readonly reach: Reach;
  readonly onClose: () => void;
}

export function Palette({ reach, onClose }: PaletteProps) {
  useEscape(true, onClose);
  return (
    <Modal.Root
      opened
      onClose={onClose}
      size={560}
      padding={0}
      yOffset="12vh"
      shadow="none"
      transitionProps={{ duration: 0 }}
      // Escape is shared with what else hangs over the page.
      closeOnEscape={false}
    >
      <Modal.Overlay transitionProps={{ duration: 0 }} />
      <Modal.Content aria-label="Commands">
        <Search reach={reach} onClose={onClose} />
      </Modal.Content>
    </Modal.Root>
  );
}

/** Renders again whenever something changes that decides what can be done. */
function useList(reach: Reach): readonly Action[] {
  usePage((state) => state);
  useMethod((state) => state);
  useHistory((state) => state);
  useTraining((state) => state.status);
  useSensitivity((state) => state.status);
  useActivity((state) => state.tasks.length);
  // Without itself, and without what only lasts as long as its key is down.
  return listActions(reach).filter(({ id, release }) => id !== "palette" && release === undefined);
}

function Search({ reach, onClose }: PaletteProps) {
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const listId = useId();
  const found = filterActions(useList(reach), query);
  const shown = [
    ...found.filter((one) => one.why === null),
    ...found.filter((one) => one.why !== null),
  ];
  const active = Math.min(at, shown.length - 1);
  const chosen = shown[active];
  const activeId = chosen === undefined ? undefined : `${listId}-${chosen.id}`;
  // Only when another one is chosen: whoever scrolls must not be pulled back.
  useEffect(() => {
    document.getElementById(activeId ?? "")?.scrollIntoView({ block: "nearest" });
  }, [activeId]);
  const choose = (action: Action | undefined): void => {
    if (action === undefined || action.why !== null) return;
    // First, so that what it opens has the focus in the end.
    onClose();
    action.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && !event.nativeEvent.isComposing) choose(chosen);
    const next = moved(event.key, active, shown.length);
    if (next === null && event.key !== "Enter") return;
    event.preventDefault();
    if (next !== null) setAt(next);
  };
  return (
    <>
      <input
        className={styles.query}
        type="text"
        role="combobox"
        aria-label="Find a command"
        aria-expanded="true"
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={activeId}
        placeholder="Find a command"
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className={styles.list} id={listId} role="listbox" aria-label="Commands">
        {shown.map((action, i) => (
          <Option
            key={action.id}
            action={action}
            id={`${listId}-${action.id}`}
            isActive={i === active}
            onPoint={() => setAt(i)}
            onChoose={() => choose(action)}
          />
        ))}
      </div>
      {shown.length === 0 && <p className={styles.none}>No command has these letters.</p>}
      <p className="visually-hidden" role="status">
        {shown.length === 1 ? "1 command" : `${shown.length} commands`}
      </p>
    </>
  );
}

interface OptionProps {
  readonly action: Action;
  readonly id: string;
  readonly isActive: boolean;
  readonly onPoint: () => void;
  readonly onChoose: () => void;
}

/** One action of the list, with why it cannot be done, its keys, or its group. */
function Option({ action, id, isActive, onPoint, onChoose }: OptionProps) {
  return (
    <button
      id={id}
      type="button"
      role="option"
      aria-selected={isActive}
      aria-disabled={action.why !== null}
      // The field keeps the focus; the arrows come here through it.
      tabIndex={-1}
      className={styles.option}
      onMouseDown={(event) => event.preventDefault()}
      onPointerMove={onPoint}
      onClick={onChoose}
    >
      <span className={styles.title}>{action.title}</span>
      <span className={styles.note}>{action.why ?? keysOf(action.id) ?? action.group}</span>
    </button>
  );
}

function moved(key: string, at: number, count: number): number | null {
  if (count === 0) return null;
  if (key === "ArrowDown") return (at + 1) % count;
  if (key === "ArrowUp") return (at + count - 1) % count;
  if (key === "PageDown") return Math.min(count - 1, at + 8);
  if (key === "PageUp") return Math.max(0, at - 8);
  return null;
}
