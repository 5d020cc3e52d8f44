/** @file A setting of the method that is one of a few, each with its words. */
import { NativeSelect } from "@mantine/core";

interface ChoiceProps<T extends string> {
  readonly label: string;
  /** What it decides, for whoever rests on it. */
  readonly title: string;
  readonly choices: readonly { readonly value: T; readonly label: string }[];
  readonly value: T;
  readonly onChoose: (value: T) => void;
}

export function Choice<T extends string>({
  label,
  title,
  choices,
  value,
  onChoose,
}: ChoiceProps<T>) {
  return (
    <NativeSelect
      label={label}
      title={title}
      data={choices.map((choice) => ({ ...choice }))}
      value={value}
      onChange={({ currentTarget }) => {
        const chosen = choices.find((choice) => choice.value === currentTarget.value);
        if (chosen !== undefined) onChoose(chosen.value);
      }}
    />
  );
}
