/** @file One setting of a run as a field, with the words that explain it and the sentence that refuses it. */
import { TextInput } from "@mantine/core";
import { useCommands, useTraining, type FormField, type Purpose } from "../../state/index.ts";
import { useTermLabel } from "../parts/Explained.tsx";
import type { TermName } from "../parts/terms.ts";

interface SettingFieldProps {
  readonly purpose: Purpose;
  readonly field: FormField;
  readonly label: string;
}

/** What explains a field; none for how long it runs. */
const FIELD_TERMS: Partial<Record<FormField, TermName>> = {
  learningRate: "learningRate",
  strength: "strength",
  batchSize: "batchSize",
  seed: "seed",
  momentum: "momentum",
  weightDecay: "weightDecay",
  pad: "augmentation",
};

export function SettingField({ purpose, field, label }: SettingFieldProps) {
  const term = FIELD_TERMS[field];
  const explained = useTermLabel(term ?? "batchSize", label);
  const value = useTraining((state) => String(state.forms[purpose][field]));
  const problem = useTraining((state) => state.problems[purpose][field]);
  const { editTraining } = useCommands();
  return (
    <TextInput
      {...(term === undefined ? { label } : explained)}
      name={field}
      inputMode="decimal"
      autoComplete="off"
      value={value}
      error={problem}
      onChange={(event) => editTraining(purpose, { [field]: event.currentTarget.value })}
    />
  );
}
