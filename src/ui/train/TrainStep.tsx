/**
 * @file Sparse training and fine-tuning: one panel with two sets of defaults. While it runs nothing
 * else on the page changes; Keep or Discard ends it.
 */
import { StepLayout } from "../parts/StepLayout.tsx";
import { Problem } from "../parts/Problem.tsx";
import { RunsTable } from "../prune/RunsTable.tsx";
import type { Purpose } from "../../state/index.ts";
import { SettingsForm } from "./SettingsForm.tsx";
import { TrainingSheet } from "./TrainingSheet.tsx";
import styles from "./TrainStep.module.css";

const WHY: Readonly<Record<Purpose, string>> = {
  sparse:
    "Training with L1 on the BN scales γ pushes the scales of unneeded channels towards zero, so that a gap opens between those that can go and those that cannot.",
  finetune:
    "A short training after the cut wins back what the cut has cost. Stop whenever it is good enough.",
};

export default function TrainStep({ purpose }: { readonly purpose: Purpose }) {
  return (
    <StepLayout
      controls={
        <>
          <p className={styles.why}>{WHY[purpose]}</p>
          <Problem step={purpose} />
          <SettingsForm purpose={purpose} />
          <RunsTable />
        </>
      }
    >
      <TrainingSheet purpose={purpose} />
    </StepLayout>
  );
}
