/**
 * @file A field of the method that is typed into. It takes what it says on Enter or when it loses the
 * focus, and never before; what was refused stays there to be corrected, until it is dismissed or
 * something else was taken. The sentence is said by the control around it.
 */
import { TextInput } from "@mantine/core";
import { useState, type KeyboardEvent } from "react";
import { useMethod, type Control, type Method } from "../../state/index.ts";
import { useTermLabel } from "../parts/Explained.tsx";
import type { TermName } from "../parts/terms.ts";

interface TextSettingProps {
  readonly label: string;
  /** The control whose refusals are this field's. */
  readonly at: Control;
  /** What holds now. */
  readonly value: string;
  readonly onCommit: (text: string) => void;
  /** What explains the label that stands above it; without one the label is only spoken. */
  readonly term?: TermName;
}

interface Typed {
  readonly text: string;
  /** What held when it was typed: once something was taken, it is over. */
  readonly method: Method;
  readonly isCommitted: boolean;
}

export function TextSetting({ label, at, value, onCommit, term }: TextSettingProps) {
  const labelled = useTermLabel(term ?? "allocation", label);
  const [typed, setTyped] = useState<Typed | null>(null);
  const isRefused = useMethod(({ refusal }) => refusal?.at === at);
  const method = useMethod((state) => state.method);
  const isOpen = typed !== null && typed.method === method && (!typed.isCommitted || isRefused);
  const commit = (): void => {
    if (!isOpen || typed.isCommitted) return;
    if (typed.text === value) setTyped(null);
    else {
      setTyped({ ...typed, isCommitted: true });
      onCommit(typed.text);
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter") commit();
    if (event.key !== "Escape" || !isOpen) return;
    event.preventDefault();
    setTyped(null);
  };
  return (
    <TextInput
      {...(term === undefined ? { "aria-label": label } : labelled)}
      inputMode="decimal"
      autoComplete="off"
      value={isOpen ? typed.text : value}
      error={isRefused && isOpen}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => {
        setTyped({ text: event.currentTarget.value, method, isCommitted: false });
      }}
      onBlur={commit}
      onKeyDown={onKeyDown}
    />
  );
}
