/**
 * @file What a run is called. A click brings its network back; a double click, or the pencil beside it,
 * opens the name for typing: Enter and leaving take it, Escape gives it up, nothing brings the generated
 * one back.
 */
import { useEffect, useRef, type KeyboardEvent } from "react";
import { MOST_NAME, useCommands, type RunRow } from "../../state/index.ts";
import { RunMark } from "./RunMark.tsx";
import styles from "./Runs.module.css";

interface RunNameProps {
  readonly row: RunRow;
  readonly isOnFront: boolean;
  readonly isTyped: boolean;
  /** The recipe, in a line or two. */
  readonly recipe: string;
  readonly onType: () => void;
  /** @param isByKey — the focus has to go somewhere */
  readonly onDone: (isByKey: boolean) => void;
}

export function RunName({ row, isOnFront, isTyped, recipe, onType, onDone }: RunNameProps) {
  const { restore } = useCommands();
  const { run, name, isShown } = row;
  return (
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- the keyboard has the pencil
    <div role="rowheader" className={styles.name} onDoubleClick={onType}>
      <RunMark row={row} isOnFront={isOnFront} />
      <div className={styles.words}>
        {isTyped ? (
          <NameField row={row} onDone={onDone} />
        ) : (
          <p className={styles.called}>
            <button
              type="button"
              // Stays where it is when it is pressed, and the focus with it.
              aria-current={isShown}
              aria-label={isShown ? name : `Bring back ${name}`}
              title={isShown ? "Double click to rename" : "Bring this network back"}
              onClick={() => {
                if (!isShown) restore(run.id);
              }}
            >
              {name}
            </button>
            {isShown && <span className={styles.now}>on the page</span>}
          </p>
        )}
        <p className={styles.recipe}>{recipe}</p>
      </div>
    </div>
  );
}

function NameField({ row, onDone }: Pick<RunNameProps, "row" | "onDone">) {
  const { renameRun } = useCommands();
  const field = useRef<HTMLInputElement>(null);
  const isOver = useRef(false);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  const end = (isTaken: boolean, isByKey: boolean): void => {
    if (isOver.current) return;
    isOver.current = true;
    if (isTaken) renameRun(row.run.id, field.current?.value ?? "");
    onDone(isByKey);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return;
    event.preventDefault();
    end(event.key === "Enter", true);
  };
  return (
    <input
      ref={field}
      type="text"
      className={styles.field}
      maxLength={MOST_NAME}
      autoComplete="off"
      spellCheck={false}
      defaultValue={row.name}
      aria-label={`Name of ${row.name}`}
      onKeyDown={onKeyDown}
      onBlur={() => end(true, false)}
    />
  );
}
