/**
 * @file How many channels of a layer stay, typed. Enter takes it, Escape gives it up; what was refused
 * stays in the field with its sentence.
 */
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { useCommands, useWorkbench, type Layer } from "../../state/index.ts";
import { count } from "../format.ts";
import { Refused } from "./Refused.tsx";
import styles from "./CountField.module.css";

interface CountFieldProps {
  readonly layer: Layer;
  readonly index: number;
  readonly onDone: () => void;
  /** In the number's own place, over the row: it has the focus, and leaving it closes it. */
  readonly isInPlace?: boolean;
}

export function CountField({ layer, index, onDone, isInPlace = false }: CountFieldProps) {
  const { slider } = useWorkbench();
  const { keepByHand } = useCommands();
  const [problem, setProblem] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const kept = slider.getState().preview?.kept[index] ?? layer.of;
  useEffect(() => {
    if (isInPlace) field.current?.focus();
  }, [isInPlace]);
  const commit = (): void => {
    const said = keepByHand(layer.name, field.current?.value ?? "");
    setProblem(said);
    if (said === null) onDone();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    if (event.key === "Enter") commit();
    else onDone();
  };
  return (
    <span className={styles.field} data-in-place={isInPlace}>
      <input
        ref={field}
        type="text"
        inputMode="numeric"
        autoComplete="off"
        defaultValue={String(kept)}
        aria-label={`Channels of ${layer.name} to keep, of ${layer.of}`}
        aria-invalid={problem !== null}
        onFocus={(event) => event.currentTarget.select()}
        onBlur={() => {
          if (isInPlace || field.current?.value !== String(kept)) commit();
        }}
        onKeyDown={onKeyDown}
      />
      {` / ${count(layer.of)}`}
      <Refused text={problem} onDismiss={onDone} />
    </span>
  );
}
