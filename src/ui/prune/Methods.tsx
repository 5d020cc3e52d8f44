/**
 * @file How channels are scored and compared, and what says how many of them go. The line below "Remove"
 * has one height in every mode, so that the slider stays where it is when a drag leaves a mode.
 */
import { NativeSelect } from "@mantine/core";
import {
  CRITERION_NAMES,
  readCriterion,
  useCommands,
  useMethod,
  type Mode,
} from "../../state/index.ts";
import { useTermLabel } from "../parts/Explained.tsx";
import { FiveWords } from "./FiveWords.tsx";
import { ByHand, MethodSetting } from "./MethodSetting.tsx";
import { MoreOptions } from "./MoreOptions.tsx";
import { criterionTitle, MODES, modeNote, refusalAt, SCOPES } from "./method-words.ts";
import { Refused } from "./Refused.tsx";
import styles from "./Methods.module.css";

export function Methods() {
  return (
    <div className={styles.methods}>
      <h2 className="visually-hidden">Method</h2>
      <FiveWords />
      <div className={styles.pair}>
        <CriterionSelect />
        <ScopeSelect />
      </div>
      <ModeSelect />
      <MoreOptions />
    </div>
  );
}

/** Those that look at images stand apart: they take a while, and training images. */
const CRITERIA = ["From the weights", "From images"].map((group, needsImages) => ({
  group,
  items: CRITERION_NAMES.filter((name) => {
    const { criterion, options } = readCriterion(name);
    return (criterion.needs(options) === undefined) === (needsImages === 0);
  }).map((value) => ({ value, label: criterionTitle(value) })),
}));

function CriterionSelect() {
  const criterion = useMethod((state) => readCriterion(state.asked.criterion).name);
  const isScoring = useMethod((state) => state.isScoring);
  const refusal = useMethod(refusalAt("criterion"));
  const { changeMethod, dismissRefusal } = useCommands();
  const labelled = useTermLabel("criterion", isScoring ? "Scoring by" : "Score channels by");
  return (
    <div className={styles.anchor}>
      <NativeSelect
        {...labelled}
        data={CRITERIA}
        value={criterion}
        onChange={(event) => changeMethod({ criterion: event.currentTarget.value }, "criterion")}
      />
      <Refused side="left" text={refusal} onDismiss={dismissRefusal} />
    </div>
  );
}

function ScopeSelect() {
  const asked = useMethod((state) => state.asked.options.scope ?? "global");
  const refusal = useMethod(refusalAt("scope"));
  const { changeMethod, dismissRefusal } = useCommands();
  const labelled = useTermLabel("scope", "Compare across");
  return (
    <div className={styles.anchor}>
      <NativeSelect
        {...labelled}
        title={SCOPES.find(({ value }) => value === asked)?.means}
        data={SCOPES.map(({ value, label }) => ({ value, label }))}
        value={asked}
        onChange={(event) => {
          const scope = SCOPES.find(({ value }) => value === event.currentTarget.value)?.value;
          changeMethod({ options: { scope } }, "scope");
        }}
      />
      <Refused text={refusal} onDismiss={dismissRefusal} />
    </div>
  );
}

function ModeSelect() {
  const asked = useMethod((state) => state.asked);
  const hands = Object.keys(asked.byHand ?? {}).length;
  const refusal = useMethod(refusalAt("allocation"));
  const { chooseMode, dismissRefusal } = useCommands();
  const labelled = useTermLabel("allocation", "Remove");
  return (
    <div className={styles.anchor}>
      <div className={styles.mode}>
        <NativeSelect
          {...labelled}
          data={MODES.map(({ value, label }) => ({ value, label }))}
          value={asked.allocation.kind}
          onChange={(event) => {
            chooseMode(event.currentTarget.value as Mode);
          }}
        />
        {hands === 0 ? <p className={styles.note}>{modeNote(asked)}</p> : <ByHand layers={hands} />}
      </div>
      <MethodSetting />
      <Refused text={refusal} onDismiss={dismissRefusal} />
    </div>
  );
}
