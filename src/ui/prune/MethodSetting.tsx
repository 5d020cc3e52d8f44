/** @file What a mode needs to be told, below it; nothing for the ratio, which the slider says. */
import { Button, NativeSelect } from "@mantine/core";
import {
  COST_WORDS,
  useCommands,
  useMethod,
  useSensitivity,
  usePage,
  writeGoal,
} from "../../state/index.ts";
import { count, fixed, percent, plural, THIN } from "../format.ts";
import { whyUnmeasurable } from "../parts/misfit-words.ts";
import { TextSetting } from "./TextSetting.tsx";
import styles from "./Methods.module.css";

export function MethodSetting() {
  const allocation = useMethod((state) => state.asked.allocation);
  const needsCurves = useMethod((state) => state.needsCurves);
  const { typeSetting } = useCommands();
  switch (allocation.kind) {
    case "global-threshold":
      return null;
    case "uniform":
      return (
        <div className={styles.setting}>
          <TextSetting
            label="Share of each layer, per cent"
            at="allocation"
            value={percent(allocation.ratio, 1, true)}
            onCommit={(text) => typeSetting("share", text)}
          />
          <span className="quiet">of each layer</span>
        </div>
      );
    case "target":
      return (
        <div className={styles.setting}>
          <GoalSelect of={allocation.of} />
          <GoalField goal={allocation} />
          <span className="quiet">of the whole network, at most</span>
        </div>
      );
    case "sensitivity":
      return (
        <div className={styles.setting}>
          <GoalSelect of={"goal" in allocation ? allocation.goal.of : null} hasLoss />
          {"goal" in allocation ? (
            <GoalField goal={allocation.goal} />
          ) : (
            <LossField loss={allocation.loss} />
          )}
          {needsCurves ? (
            <ComputeCurves />
          ) : (
            <span className="quiet">
              {"goal" in allocation
                ? "of the whole network, at most"
                : "each layer alone may lose, at most"}
            </span>
          )}
        </div>
      );
    case "list":
      return <Listed layers={Object.keys(allocation.layers).length} />;
    default:
      return allocation satisfies never;
  }
}

type CostKind = keyof typeof COST_WORDS;

interface GoalSelectProps {
  readonly of: CostKind | null;
  readonly hasLoss?: boolean;
}

function GoalSelect({ of, hasLoss = false }: GoalSelectProps) {
  const { chooseGoal } = useCommands();
  const costs = Object.entries(COST_WORDS).map(([value, label]) => ({ value, label }));
  return (
    <NativeSelect
      aria-label="Target"
      data={hasLoss ? [{ value: "loss", label: "accuracy" }, ...costs] : costs}
      value={of ?? "loss"}
      onChange={(event) => {
        const { value } = event.currentTarget;
        chooseGoal(value === "loss" ? null : (value as CostKind));
      }}
    />
  );
}

function GoalField({ goal }: { readonly goal: Parameters<typeof writeGoal>[0] }) {
  const { typeSetting } = useCommands();
  return (
    <TextSetting
      label={`${COST_WORDS[goal.of]} to get down to, per cent or a number such as 5.6 M`}
      at="allocation"
      value={writeGoal(goal)}
      onCommit={(text) => typeSetting("goal", text)}
    />
  );
}

/** In points of accuracy, as they were typed or as a share of the accuracy comes to. */
function LossField({ loss }: { readonly loss: number }) {
  const typed = useMethod((state) => state.asked.points);
  const base = useSensitivity((state) => state.base);
  const { typeSetting } = useCommands();
  const points = typed ?? loss * (base ?? 1) * 100;
  return (
    <TextSetting
      label="Points of accuracy that each layer may lose"
      at="allocation"
      value={`${fixed(points, 2).replace(/\.?0+$/, "")}${THIN}pt`}
      onCommit={(text) => typeSetting("points", text)}
    />
  );
}

function ComputeCurves() {
  const isRunning = useSensitivity((state) => state.status === "running");
  const hasCurves = useSensitivity((state) => state.curves.size > 0);
  const why = usePage(whyUnmeasurable);
  const { computeSensitivity, cancelSensitivity } = useCommands();
  if (isRunning) return <Button onClick={cancelSensitivity}>Cancel sensitivity</Button>;
  return (
    <Button
      disabled={why !== null}
      title={
        why === null
          ? "Each layer must be cut alone first, at nine ratios; the plan stays until then"
          : `Nothing can be measured: ${why}`
      }
      onClick={() => void computeSensitivity()}
    >
      {hasCurves ? "Compute the rest" : "Compute all"}
      <span className="visually-hidden"> of the sensitivity curves</span>
    </Button>
  );
}

function Listed({ layers }: { readonly layers: number }) {
  return (
    <p className={styles.setting}>
      <span className="quiet">
        {layers === 0
          ? "Set the number of any layer in the sheet."
          : "All other layers stay whole."}
      </span>
    </p>
  );
}

/** How many layers were set by hand beside what says how many go, and the way back to it. */
export function ByHand({ layers }: { readonly layers: number }) {
  const { giveAllBack } = useCommands();
  return (
    <p className={styles.note} data-hand="true">
      <span title={`${plural(layers, "layer")} set by hand`}>{count(layers)} by hand</span>
      <button
        type="button"
        title={
          layers === 1
            ? "Lets the method say again how much of it stays"
            : "Lets the method say again how much of each stays"
        }
        onClick={giveAllBack}
      >
        {layers === 1 ? "Give back" : "Give all back"}
      </button>
    </p>
  );
}
