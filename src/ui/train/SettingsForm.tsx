/** @file The settings of a run. Text stays as typed until Start; each field has its own sentence. */
import { Button, NativeSelect } from "@mantine/core";
import type { FormEvent } from "react";
import {
  cutOffOf,
  misfitTrained,
  useCommands,
  usePage,
  useTraining,
  useWorkbench,
  type FormProblems,
  type Purpose,
  type TrainingForm,
} from "../../state/index.ts";
import { useTermLabel } from "../parts/Explained.tsx";
import { disagreement } from "../parts/misfit-words.ts";
import { useUnapplied } from "../parts/use-unapplied.ts";
import { MoreSettings } from "./MoreSettings.tsx";
import { OUTCOME } from "./Outcome.tsx";
import { SettingField } from "./SettingField.tsx";
import styles from "./TrainStep.module.css";

export function SettingsForm({ purpose }: { readonly purpose: Purpose }) {
  const form = useTraining((state) => state.forms[purpose]);
  const status = useTraining((state) => state.status);
  const running = useTraining((state) => state.purpose);
  const hasNetwork = usePage((state) => state.session !== null);
  const { editTraining, startTraining } = useCommands();
  const { training } = useWorkbench();
  const schedule = useTermLabel("rateSchedule", "Rate schedule");
  const l1Step = useTermLabel("l1Step", "L1 step");
  const isBusy = status !== "idle" && status !== "ended";
  const edit = (patch: Partial<TrainingForm>): void => editTraining(purpose, patch);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    void startTraining(purpose);
    goToProblem(event.currentTarget, training.getState().problems[purpose]);
  };
  return (
    <form
      className={styles.form}
      onSubmit={onSubmit}
      aria-label="Settings"
      noValidate
      data-home={OUTCOME}
    >
      <fieldset className={styles.fields} disabled={isBusy}>
        <div className={styles.pair}>
          <NativeSelect
            label="Run for"
            data={[
              { value: "seconds", label: "a time box" },
              { value: "epochs", label: "whole epochs" },
            ]}
            value={form.length}
            onChange={(event) =>
              edit({ length: event.currentTarget.value === "epochs" ? "epochs" : "seconds" })
            }
          />
          {form.length === "seconds" ? (
            <SettingField purpose={purpose} field="seconds" label="Seconds" />
          ) : (
            <SettingField purpose={purpose} field="epochs" label="Epochs" />
          )}
        </div>
        <div className={styles.pair}>
          <SettingField purpose={purpose} field="learningRate" label="Learning rate" />
          <NativeSelect
            {...schedule}
            data={[
              { value: "cosine", label: "cosine to 0" },
              { value: "step", label: "÷ 10 at ½ and ¾" },
              { value: "constant", label: "constant" },
            ]}
            value={form.schedule}
            onChange={(event) => edit({ schedule: scheduleOf(event.currentTarget.value) })}
          />
        </div>
        <div className={styles.pair}>
          <SettingField purpose={purpose} field="strength" label="Sparsity s (L1 on γ)" />
          <NativeSelect
            {...l1Step}
            data={[
              { value: "subgradient", label: "subgradient" },
              { value: "proximal", label: "proximal, true zeros" },
            ]}
            value={form.form}
            onChange={(event) =>
              edit({
                form: event.currentTarget.value === "proximal" ? "proximal" : "subgradient",
              })
            }
          />
        </div>
        <MoreSettings purpose={purpose} />
      </fieldset>
      <StartButton purpose={purpose} />
      {isBusy && running !== purpose && (
        <p className="quiet">
          {running === "sparse" ? "Sparse training" : "Fine-tuning"} is running; its panel has the
          controls.
        </p>
      )}
      <Unfit />
      {!hasNetwork && <p className="quiet">There is no network yet; open one under Load.</p>}
    </form>
  );
}

/** To the first field that stopped it, also where it is folded away. */
function goToProblem(form: Element, problems: FormProblems): void {
  const field = [...form.querySelectorAll("input")].find(({ name }) => name in problems);
  field?.closest("details")?.setAttribute("open", "");
  field?.focus();
}

/** Why this network cannot be trained on these images. */
function Unfit() {
  const session = usePage((state) => state.session);
  const data = usePage((state) => state.data);
  const misfit = misfitTrained({ session, data });
  if (misfit === null) return null;
  return <p className={styles.unfit}>It cannot be trained on {disagreement(misfit)}.</p>;
}

function scheduleOf(value: string): TrainingForm["schedule"] {
  return value === "step" || value === "constant" ? value : "cosine";
}

/** What stops a run stands beside what comes of it, on the sheet. */
function StartButton({ purpose }: { readonly purpose: Purpose }) {
  const status = useTraining((state) => state.status);
  const owner = useTraining((state) => state.purpose);
  const isCutOff = useTraining((state) => cutOffOf(state) !== null);
  const canTrain = usePage((state) => state.session !== null && misfitTrained(state) === null);
  const unapplied = useUnapplied();
  const isBusy = status !== "idle" && status !== "ended";
  const hasEnded = owner === purpose && (status === "ended" || isCutOff);
  const isAsked = unapplied !== null && !unapplied.isLeftOut;
  const what = hasEnded ? "Start again" : "Start";
  return (
    <div className={styles.buttons}>
      <Button
        type="submit"
        variant={hasEnded || isAsked ? "default" : "filled"}
        disabled={isBusy || !canTrain}
      >
        {unapplied === null ? what : `${what} with the whole network`}
      </Button>
    </div>
  );
}
