/** @file What is set less often: streams, width steps, the least share, scoring, locks. */
import { Button, NativeSelect } from "@mantine/core";
import { readCriterion, useCommands, useMethod, usePage, type Pruning } from "../../state/index.ts";
import { percent, plural } from "../format.ts";
import { Term } from "../parts/Explained.tsx";
import { Choice } from "./Choice.tsx";
import { MannerOptions } from "./MannerOptions.tsx";
import { criterionTitle, moreSummary, refusalAt } from "./method-words.ts";
import { Refused } from "./Refused.tsx";
import { TextSetting } from "./TextSetting.tsx";
import styles from "./Methods.module.css";

export function MoreOptions() {
  const asked = useMethod((state) => state.asked);
  const pruning = useMethod((state) => state.pruning);
  const refusal = useMethod(refusalAt("more"));
  const { dismissRefusal } = useCommands();
  const summary = moreSummary(asked);
  return (
    <div className={styles.anchor}>
      <details className={styles.more}>
        <summary>More{summary !== "" && <span className="quiet">{`: ${summary}`}</span>}</summary>
        <div className={styles.options}>
          <CriterionOptions />
          {pruning !== null && (pruning.hasStreams || pruning.canSelect) && (
            <Streams pruning={pruning} />
          )}
          <div className={styles.pair}>
            <Steps />
            <LeastShare />
          </div>
          <Counting />
          <Scoring />
          <MannerOptions />
          <Locks />
        </div>
      </details>
      <Refused text={refusal} onDismiss={dismissRefusal} />
    </div>
  );
}

function Streams({ pruning }: { readonly pruning: Pruning }) {
  const streams = useMethod((state) => state.asked.options.streams ?? "keep");
  const decider = useMethod((state) => state.asked.options.decider ?? "closure");
  const isSelected = usePage(
    ({ session }) => session?.network.nodes.some(({ op }) => op.kind === "channelSelect") ?? false,
  );
  const { changeMethod } = useCommands();
  return (
    <div className={styles.pair}>
      <Choice
        label="Residual streams"
        term="streams"
        choices={[
          { value: "keep", label: isSelected ? "cut at their readers" : "keep whole" },
          ...(pruning.canSelect
            ? [{ value: "select", label: "cut at their readers" } as const]
            : []),
          ...(pruning.hasStreams
            ? [{ value: "prune", label: "cut as one", disabled: !pruning.scoresStreams } as const]
            : []),
        ]}
        value={streams}
        onChoose={(chosen) => changeMethod({ options: { streams: chosen } }, "more")}
      />
      {streams === "prune" && (
        <Choice
          label="by the scores of"
          term="decider"
          choices={[
            { value: "closure", label: "all their layers" },
            { value: "shortcut", label: "their shortcut" },
          ]}
          value={decider}
          onChoose={(chosen) => changeMethod({ options: { decider: chosen } }, "more")}
        />
      )}
      {pruning.hasStreams && !pruning.scoresStreams && (
        <p className={styles.note} data-whole="true">
          None can be cut as one: {criterionTitle(pruning.criterion)} gives no score to sums that
          are read through selections. By L1 or another norm of the weights they have one.
        </p>
      )}
    </div>
  );
}

function Steps() {
  const how = useMethod((state) => state.asked.options.rounding);
  const to = how?.to ?? 1;
  const { changeMethod } = useCommands();
  const steps = [...new Set([1, 4, 8, 16, to])].sort((a, b) => a - b);
  return (
    <Choice
      label="Width steps"
      term="rounding"
      choices={steps.map((step) => ({
        value: String(step),
        label: step === 1 ? "any width" : `multiples of ${step}`,
      }))}
      value={String(to)}
      onChoose={(chosen) => {
        const rounding = { ...how, to: Number(chosen) };
        changeMethod({ options: { rounding } }, "more");
      }}
    />
  );
}

function LeastShare() {
  const share = useMethod((state) => state.asked.options.minimumShare ?? 0);
  const { typeSetting } = useCommands();
  return (
    <TextSetting
      term="leastShare"
      at="more"
      label="Least share of a layer"
      value={share === 0 ? "one channel" : percent(share, 1, true)}
      onCommit={(text) => typeSetting("minimumShare", text)}
    />
  );
}

/** Whatever the criterion can be told, from its own declaration. */
function CriterionOptions() {
  const text = useMethod((state) => state.asked.criterion);
  const { setCriterionOption } = useCommands();
  const { name, criterion, options } = readCriterion(text);
  return (
    <div className={styles.pair}>
      {Object.entries(criterion.options).map(([key, spec]) =>
        spec.kind === "choice" ? (
          <NativeSelect
            key={`${name} ${key}`}
            label={OPTION_WORDS[key] ?? key}
            title={spec.says}
            data={[...spec.choices]}
            value={String(options[key])}
            onChange={(event) => {
              setCriterionOption(key, event.currentTarget.value);
            }}
          />
        ) : (
          <TextSetting
            key={`${name} ${key}`}
            term="criterion"
            label={OPTION_WORDS[key] ?? key}
            at="more"
            value={String(options[key])}
            onCommit={(value) => setCriterionOption(key, value)}
          />
        ),
      )}
    </div>
  );
}

const OPTION_WORDS: Readonly<Record<string, string>> = {
  p: "Order p",
  form: "Form",
  variant: "Variant",
  reduce: "Of several layers, the",
  normalise: "Divide a layer by",
  seed: "Seed",
};

/** The reference scripts cut by a score and not by a count, which takes one channel more, and ties. */
function Counting() {
  const asked = useMethod((state) => state.asked);
  const { changeMethod } = useCommands();
  if (asked.allocation.kind !== "global-threshold") return null;
  return (
    <Choice
      label="Channels are counted"
      term="counting"
      choices={[
        { value: "exact", label: "exactly" },
        { value: "reference", label: "as the slimming scripts do" },
      ]}
      value={asked.allocation.mode ?? "exact"}
      onChoose={(mode) => changeMethod({ mode }, "more")}
    />
  );
}

/** Only L1 sums over kernels one by one, which greedy scoring needs. */
function Scoring() {
  const criterion = useMethod((state) => state.asked.criterion);
  const scoring = useMethod((state) => state.asked.options.scoring ?? "independent");
  const { changeMethod } = useCommands();
  if (readCriterion(criterion).name !== "l1" && scoring === "independent") return null;
  return (
    <Choice
      label="Filters are scored"
      term="scoring"
      choices={[
        { value: "independent", label: "whole, independently" },
        { value: "greedy", label: "without inputs that went before, greedily" },
      ]}
      value={scoring}
      onChoose={(chosen) => changeMethod({ options: { scoring: chosen } }, "more")}
    />
  );
}

function Locks() {
  const locked = useMethod((state) => state.method.options.locked?.length ?? 0);
  const { unlockAll } = useCommands();
  const term = (
    <Term of="locks" position="top-start">
      locked
    </Term>
  );
  if (locked === 0) return <p className="quiet">No layer is {term}.</p>;
  return (
    <p className={styles.locks}>
      <span>
        {plural(locked, "layer")} {term}
      </span>
      <Button size="compact-xs" onClick={unlockAll}>
        Unlock all
      </Button>
    </p>
  );
}
