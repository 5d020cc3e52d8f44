/**
 * @file The method: its five words as rows, with how channels are scored and compared, and what says how many of
 * them go; what is set less often behind "More", and papers that fill in all of it.
 */
import { NativeSelect } from "@mantine/core";
import {
  CRITERION_NAMES,
  readCriterion,
  useCommands,
  useMethod,
  usePassing,
  type Mode,
} from "../../state/index.ts";
import { Term } from "../parts/Explained.tsx";
import { FiveWords } from "./FiveWords.tsx";
import { ByHand, MethodSetting } from "./MethodSetting.tsx";
import { MoreOptions } from "./MoreOptions.tsx";
import { criterionTitle, MODES, modeNote, PASS, refusalAt, SCOPES } from "./method-words.ts";
import { PresetMenu } from "./PresetMenu.tsx";
import { Refused } from "./Refused.tsx";
import styles from "./Methods.module.css";

export function Methods() {
  return (
    <div className={styles.methods}>
      <div className={styles.head}>
        <h2>Method</h2>
        <PresetMenu />
      </div>
      <FiveWords
        criterion={<CriterionSelect />}
        allocation={
          <>
            <ModeSelect />
            <ScopeSelect />
          </>
        }
        schedule={<Passes />}
      />
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
  return (
    <div className={styles.anchor}>
      <NativeSelect
        aria-label={isScoring ? "Criterion: scoring by" : "Criterion: score channels by"}
        data={CRITERIA}
        value={criterion}
        onChange={(event) => changeMethod({ criterion: event.currentTarget.value }, "criterion")}
      />
      <Refused text={refusal} onDismiss={dismissRefusal} />
    </div>
  );
}

function ScopeSelect() {
  const asked = useMethod((state) => state.asked.options.scope ?? "global");
  const refusal = useMethod(refusalAt("scope"));
  const { changeMethod, dismissRefusal } = useCommands();
  return (
    <div className={styles.scope}>
      <Term of="scope" position="top-start">
        across
      </Term>
      <NativeSelect
        aria-label="Compare across"
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
  return (
    <div className={styles.anchor}>
      <NativeSelect
        aria-label="Allocation: remove"
        data={MODES.map(({ value, label }) => ({ value, label }))}
        value={asked.allocation.kind}
        onChange={(event) => {
          chooseMode(event.currentTarget.value as Mode);
        }}
      />
      <MethodSetting />
      <p className={styles.note}>{modeNote(asked)}</p>
      {hands > 0 && <ByHand layers={hands} />}
      <Refused text={refusal} onDismiss={dismissRefusal} />
    </div>
  );
}

/** One-shot is one pass. */
function Passes() {
  const passes = usePassing((state) => state.passes);
  const { choosePasses } = useCommands();
  const offered = [...new Set([1, 2, 3, 4, 5, 6, 8, passes])].sort((a, b) => a - b);
  return (
    <>
      <NativeSelect
        aria-label="Schedule: cut and train"
        data={offered.map((n) => ({
          value: String(n),
          label: n === 1 ? "one-shot" : `in ${n} passes`,
        }))}
        value={String(passes)}
        onChange={(event) => choosePasses(Number(event.currentTarget.value))}
      />
      {passes > 1 && <p className={styles.note}>{PASS}</p>}
    </>
  );
}
