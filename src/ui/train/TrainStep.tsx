/**
 * @file Sparse training and fine-tuning: one panel with two sets of defaults. While it runs nothing
 * else on the page changes; Keep or Discard ends it.
 */
import { StepLayout } from "../parts/StepLayout.tsx";
import { Term } from "../parts/Explained.tsx";
import type { TermName } from "../parts/terms.ts";
import { Problem } from "../parts/Problem.tsx";
import { UnappliedCut } from "../parts/UnappliedCut.tsx";
import { RunsTable } from "../prune/RunsTable.tsx";
import { useTraining, type Purpose } from "../../state/index.ts";
import { SettingsForm } from "./SettingsForm.tsx";
import { TrainingSheet } from "./TrainingSheet.tsx";
import styles from "./TrainStep.module.css";

/** In the words of every method: this step's, and what it is for. */
const WHY: Readonly<Record<Purpose, { readonly term: TermName; readonly text: string }>> = {
  sparse: {
    term: "regularizer",
    text: "Training with L1 on the BN scales γ pushes the scales of unneeded channels towards zero, so that a gap opens between those that can go and those that cannot.",
  },
  finetune: {
    term: "repair",
    text: "A short training after the cut wins back what the cut has cost. Stop whenever it is good enough.",
  },
};
const WORDS = { sparse: "Regularizer", finetune: "Repair" } as const;

export default function TrainStep({ purpose }: { readonly purpose: Purpose }) {
  // On a phone: what a run does, and what can be done about it, before the settings that it cannot change.
  const isMine = useTraining((state) => state.purpose === purpose);
  return (
    <StepLayout
      isSheetFirst={isMine}
      controls={
        <>
          <p className={styles.why}>
            <Term of={WHY[purpose].term} position="bottom-start">
              {WORDS[purpose]}
            </Term>
            : {WHY[purpose].text}
          </p>
          <Problem step={purpose} />
          <UnappliedCut />
          <SettingsForm purpose={purpose} />
          <RunsTable />
        </>
      }
    >
      <TrainingSheet purpose={purpose} />
    </StepLayout>
  );
}
