/**
 * @file The question of how pixels are normalized: the usual choices, how well the network does under
 * each, and figures of one's own. Shown while the answer is only assumed, or when a person asks for it.
 */
import { Button, TextInput } from "@mantine/core";
import { useEffect, useRef, type FormEvent, type ReactNode } from "react";
import {
  candidatesOf,
  figuresOf,
  likelyOf,
  mayChooseNormalization,
  misfitMeasured,
  OWN,
  preselected,
  presentOf,
  titleOf,
  useCommands,
  useNormalizing,
  usePage,
  type Candidate,
  type SessionNormalization,
  type Trials,
} from "../../state/index.ts";
import { count, halfWidth, percent, THIN } from "../format.ts";
import base from "./LoadStep.module.css";
import styles from "./NormalizationChoice.module.css";

export function NormalizationChoice() {
  const normalization = usePage((state) => state.session?.normalization ?? null);
  const mayChoose = usePage(mayChooseNormalization);
  const isOpen = useNormalizing((state) => state.isOpen);
  if (normalization === null || !mayChoose) return null;
  if (!isOpen && normalization.source !== "assumed") return null;
  return <Choice normalization={normalization} />;
}

function Choice({ normalization }: { readonly normalization: SessionNormalization }) {
  const { picked, trials, isSought } = useNormalizing((state) => state);
  const form = useRef<HTMLFormElement>(null);
  const { closeNormalization, reachNormalization, takeNormalization } = useCommands();
  // Who has asked for it goes there, for what they pressed is gone; who comes back to the step does not.
  useEffect(() => {
    if (!isSought) return;
    form.current?.focus();
    reachNormalization();
  }, [isSought, reachNormalization]);
  const candidates = candidatesOf(normalization);
  const chosen = picked ?? preselected(normalization, trials);
  const title = candidates.find(({ name }) => name === chosen)?.title ?? "these figures";
  const isAssumed = normalization.source === "assumed";
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    void takeNormalization();
  };
  return (
    <form
      ref={form}
      tabIndex={-1}
      className={base.block}
      onSubmit={onSubmit}
      aria-label="Normalization"
      noValidate
    >
      <h2>Normalization</h2>
      <p className="quiet">{introduction(normalization)}</p>
      <Candidates candidates={candidates} chosen={chosen} trials={trials} />
      {chosen === OWN && <OwnFigures channels={normalization.value.mean.length} />}
      <p className="quiet">
        <Evidence candidates={candidates} trials={trials} />
      </p>
      <div className={base.buttons}>
        <Button type="submit" disabled={!isAssumed && chosen === presentOf(normalization)}>
          Use {title}
        </Button>
        {!isAssumed && <Button onClick={closeNormalization}>Cancel</Button>}
      </div>
    </form>
  );
}

function introduction({ value, source }: SessionNormalization): string {
  const title = titleOf(value) ?? "its own figures";
  switch (source) {
    case "assumed":
      return `The file does not say how pixels were scaled in training. Until you choose, ${title} are assumed.`;
    case "said":
      return `The network says itself that it wants ${title}.`;
    case "chosen":
    case "remembered":
      return `You have chosen ${title} for this network.`;
    default:
      return source satisfies never;
  }
}

interface CandidatesProps {
  readonly candidates: readonly Candidate[];
  readonly chosen: string;
  readonly trials: Trials;
}

function Candidates({ candidates, chosen, trials }: CandidatesProps) {
  const likely = likelyOf(candidates, trials);
  return (
    <fieldset className={styles.choices}>
      <legend className="visually-hidden">What the network is fed</legend>
      {candidates.map((candidate) => (
        <Row
          key={candidate.name}
          name={candidate.name}
          title={candidate.title}
          isChosen={candidate.name === chosen}
        >
          <span className={styles.mark}>
            {likely.includes(candidate.name) ? (likely.length === 1 ? "best" : "likely") : ""}
          </span>
          <Accuracy trials={trials} candidate={candidate} />
        </Row>
      ))}
      <Row name={OWN} title="Figures of your own" isChosen={chosen === OWN} />
    </fieldset>
  );
}

interface RowProps {
  readonly name: string;
  readonly title: string;
  readonly isChosen: boolean;
  readonly children?: ReactNode;
}

function Row({ name, title, isChosen, children }: RowProps) {
  const { pickNormalization } = useCommands();
  return (
    <label className={styles.row}>
      <input
        type="radio"
        name="normalization"
        checked={isChosen}
        onChange={() => pickNormalization(name)}
      />
      <span>{title}</span>
      {children}
    </label>
  );
}

interface AccuracyProps {
  readonly trials: Trials;
  readonly candidate: Candidate;
}

function Accuracy({ trials, candidate }: AccuracyProps) {
  const trial = trials.get(figuresOf(candidate.normalization));
  if (trial === undefined) return <span className={styles.accuracy} />;
  return (
    <span className={styles.accuracy}>
      {percent(trial.accuracy)} <small>± {halfWidth(trial.interval)}</small>
    </span>
  );
}

/** What the figures beside the choices are, or why there are none. */
function Evidence({ candidates, trials }: Omit<CandidatesProps, "chosen">) {
  const data = usePage((state) => state.data);
  const isMisfit = usePage((state) => misfitMeasured(state) !== null);
  const images = data?.test ?? data?.validation ?? null;
  const measured = candidates.flatMap(({ normalization }) => {
    const trial = trials.get(figuresOf(normalization));
    return trial === undefined ? [] : [trial];
  });
  if (images === null) return "With test images loaded, each choice is measured.";
  if (isMisfit) return "The images do not fit the network, so no choice can be measured.";
  const [first] = measured;
  if (first === undefined || measured.length < candidates.length) {
    return "Each choice is measured on a few images.";
  }
  const on = `Accuracy on ${count(first.count)} ${data?.test === null ? "held-back" : "test"} images`;
  return likelyOf(candidates, trials).length === 0
    ? `${on}: none stands out.`
    : `${on}, ± at 95${THIN}%.`;
}

function OwnFigures({ channels }: { readonly channels: number }) {
  const { mean, deviation, problem } = useNormalizing((state) => state);
  const { typeNormalization } = useCommands();
  const error = (field: "mean" | "deviation") => problem?.field === field && problem.text;
  return (
    <div className={styles.own}>
      <p className="quiet">
        Pixels in 0…1 become (x − mean) / deviation
        {channels === 3 ? ", by channel: red, green, blue" : ""}.
      </p>
      <TextInput
        label="Mean"
        value={mean}
        error={error("mean")}
        onChange={(event) => typeNormalization({ mean: event.currentTarget.value })}
      />
      <TextInput
        label="Deviation"
        value={deviation}
        error={error("deviation")}
        onChange={(event) => typeNormalization({ deviation: event.currentTarget.value })}
      />
    </div>
  );
}
