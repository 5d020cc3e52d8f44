/** @file A setting of the method that is one of a few, each with its words; what it decides stands behind its label. */
import { NativeSelect } from "@mantine/core";
import { useTermLabel } from "../parts/Explained.tsx";
import type { TermName } from "../parts/terms.ts";

interface ChoiceProps<T extends string> {
  readonly label: string;
  /** What explains it. */
  readonly term: TermName;
  readonly choices: readonly {
    readonly value: T;
    readonly label: string;
    readonly disabled?: boolean;
  }[];
  readonly value: T;
  readonly onChoose: (value: T) => void;
}

export function Choice<T extends string>({
  label,
  term,
  choices,
  value,
  onChoose,
}: ChoiceProps<T>) {
  const labelled = useTermLabel(term, label);
  return (
    <NativeSelect
      {...labelled}
      data={choices.map((choice) => ({ ...choice }))}
      value={value}
      onChange={({ currentTarget }) => {
        const chosen = choices.find((choice) => choice.value === currentTarget.value);
        if (chosen !== undefined) onChoose(chosen.value);
      }}
    />
  );
}
