/** @file Actions on a training: starting one with the settings of its form, and everything while it runs and after. */
import { cutOffOf, type Purpose } from "../../state/index.ts";
import { reasons, type Action, type Reach } from "./action.ts";

export function trainingActions(reach: Reach): readonly Action[] {
  const { bench } = reach;
  const { commands } = bench;
  const { status, outcome, purpose } = bench.training.getState();
  const { trainable } = reasons(reach);
  const cutOff = cutOffOf(bench.training.getState()) === null ? "no training was cut off" : null;
  const group = "Training";
  const ended = status === "ended" && outcome !== null ? null : "no training has ended";
  const kept = ended ?? (outcome?.ended === "diverged" ? "it diverged" : null);
  const start = (step: Purpose, title: string): Action => ({
    id: `start-${step}`,
    title,
    also: "train",
    group,
    why: trainable,
    run: () => {
      commands.goTo(step);
      void commands.startTraining(step);
    },
  });
  const when = (id: string, title: string, is: boolean, run: () => void): Action => ({
    id,
    title,
    group,
    why: is ? null : "no training is running",
    run,
  });
  const isUnderWay = status === "running" || status === "paused";
  return [
    start("sparse", "Start sparse training"),
    start("finetune", "Start fine-tuning"),
    status === "paused"
      ? when("resume", "Resume the training", true, () => void commands.pauseTraining(false))
      : when(
          "pause",
          "Pause the training",
          status === "running",
          () => void commands.pauseTraining(true),
        ),
    {
      id: "go-on",
      title: "Go on with the training that was cut off",
      group,
      why: cutOff,
      run: () => {
        if (purpose !== null) commands.goTo(purpose);
        void commands.goOnTraining();
      },
    },
    {
      id: "end-cut-off",
      title: "Take the training that was cut off as it is",
      group,
      why: cutOff,
      run: () => {
        if (purpose !== null) commands.goTo(purpose);
        void commands.endTraining();
      },
    },
    when("stop", "Stop the training", isUnderWay, commands.stopTraining),
    {
      id: "keep",
      title: "Keep the training's result",
      group,
      why: kept,
      run: commands.keepTraining,
    },
    {
      id: "discard",
      title: "Discard the training's result",
      group,
      why: ended,
      run: () => void commands.discardTraining(),
    },
  ];
}
