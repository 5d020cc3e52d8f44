/**
 * @file The four truths: accuracy, parameters, MACs and latency of the network on the page, or in the
 * Prune step of the cut that the slider shows, each with a bar and its distance from the baseline. They follow
 * a drag, so they are written by a painter and not rendered. A number that was not measured at
 * this very position is hollow and says ≈.
 */
import { useRef, type ReactNode } from "react";
import {
  baselineOf,
  dotsOf,
  interpolate,
  largestOf,
  latencyChangeOf,
  misfitMeasured,
  pairOf,
  positionName,
  shownOf,
  useCommands,
  usePage,
  useWorkbench,
  wholeName,
  type MeasuredState,
  type PageState,
  type Position,
  type SliderState,
} from "../../state/index.ts";
import {
  bytes,
  count,
  fixed,
  halfWidth,
  large,
  largeText,
  milliseconds,
  percent,
  points,
  relative,
  THIN,
} from "../format.ts";
import { disagreement } from "./misfit-words.ts";
import styles from "./Truths.module.css";
import { Term } from "./Explained.tsx";
import { setText, useFrame } from "./use-frame.ts";

/** What one truth shows. */
interface Truth {
  /** "≈" where it was not measured at this very position. */
  readonly about?: string;
  readonly value: string;
  readonly unit: string;
  /** The change, set strongly, and what it is a change from. */
  readonly delta: string;
  readonly from: string;
  readonly isHollow: boolean;
  /** Green share of the bar. */
  readonly share: number;
}

/** Where it stands. */
interface Place {
  readonly root: HTMLElement;
  readonly about: Element | null;
  readonly value: Element | null;
  readonly unit: Element | null;
  readonly deltaAbout: Element | null;
  readonly delta: Element | null;
  readonly from: Element | null;
  /** Where the words stand that no change is in front of. */
  readonly alone: Element | null;
  /** The bar's green part. */
  readonly share: HTMLElement | null;
  readonly whisker: HTMLElement | null;
}

function placeIn(root: HTMLElement): Place {
  return {
    root,
    about: root.querySelector(`.${styles.about}`),
    value: root.querySelector(`.${styles.value}`),
    unit: root.querySelector(`.${styles.unit}`),
    deltaAbout: root.querySelector(`.${styles.deltaAbout}`),
    delta: root.querySelector(`.${styles.delta} b:not(.${styles.deltaAbout})`),
    from: root.querySelector('[data-words="from"]'),
    alone: root.querySelector('[data-words="alone"]'),
    share: root.querySelector<HTMLElement>(`.${styles.bar} i`),
    whisker: root.querySelector<HTMLElement>(`.${styles.whisker}`),
  };
}

const NAMES = ["Accuracy", "Parameters", "MACs per image", "Latency, measured"] as const;
const SHORT = ["accuracy", "params", "MACs", "latency"] as const;
const MEANT = ["accuracy", "parameters", "macs", "latency"] as const;

/** In front of what was not measured at this very position. */
const ABOUT = "≈";

interface TruthsProps {
  readonly isCompact?: boolean;
  /** Shows the cut at the slider's ratio, which is not applied yet. */
  readonly isPreview?: boolean;
}

/** The network as it is. */
const UNCUT: Shown = { ratio: 0, preview: null, method: "" };

/** Which cut: none, or the page's by its method's text. */
type Shown = Pick<SliderState, "ratio" | "preview"> & { readonly method: string };

export function Truths({ isCompact = false, isPreview = false }: TruthsProps) {
  const { page, slider, method, measured } = useWorkbench();
  const places = useRef<(Place | null)[]>([]);
  useFrame(
    [page, slider, method, measured],
    () => {
      const shown = isPreview
        ? {
            ...shownOf(slider.getState()),
            method: slider.getState().isUncut ? "" : method.getState().text,
          }
        : UNCUT;
      const accuracy = accuracyTruth(page.getState(), shown, measured.getState());
      const all = [accuracy, ...costTruths(page.getState(), shown, measured.getState())];
      all.forEach((truth, i) => {
        const place = places.current[i];
        if (!place) return;
        write(place, isCompact ? brief(truth) : truth);
      });
      const whisker = places.current[0]?.whisker;
      if (whisker) writeWhisker(whisker, accuracy);
    },
    "even",
  );
  return (
    <dl className={isCompact ? styles.compact : styles.truths}>
      {NAMES.map((name, i) => (
        <div
          key={name}
          ref={(root) => {
            places.current[i] = root === null ? null : placeIn(root);
          }}
          className={styles.truth}
          data-testid={`truth-${SHORT[i]}`}
        >
          <dt className={isCompact ? "visually-hidden" : styles.name}>
            {isCompact ? name : <Name at={i}>{name}</Name>}
            {i === 0 && <Assumption />}
          </dt>
          <dd className={styles.figure}>
            <span className={styles.about} />
            <span className={styles.value} />
            <span className={styles.unit} />
          </dd>
          {!isCompact &&
            (i === 0 ? (
              <Whisker />
            ) : (
              <dd className={styles.bar} aria-hidden="true">
                <i />
              </dd>
            ))}
          <dd className={styles.delta}>
            {isCompact ? <Name at={i}>{SHORT[i]}</Name> : <span data-words="alone" />}
            {!isCompact && <b className={styles.deltaAbout} />}
            <b />
            {!isCompact && <span data-words="from" />}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What is counted or measured, explained. */
function Name({ at, children }: { readonly at: number; readonly children: ReactNode }) {
  return (
    <Term of={MEANT[at] ?? "accuracy"} position={at < 2 ? "bottom-start" : "bottom-end"}>
      {children}
    </Term>
  );
}

/** Says that the accuracy hangs on a normalization that nobody has confirmed, and leads to the question. */
function Assumption() {
  const isAssumed = usePage((state) => state.session?.normalization.source === "assumed");
  const isHere = usePage((state) => state.step === "load");
  const { goTo } = useCommands();
  if (!isAssumed) return null;
  const text = "pixels assumed";
  return (
    <>
      {" "}
      {isHere ? (
        <small className={styles.assumed}>{text}</small>
      ) : (
        <button
          type="button"
          className={styles.assumed}
          title="The file does not say how pixels are normalized; choose under Load"
          onClick={() => goTo("load")}
        >
          {text}
        </button>
      )}
    </>
  );
}

function Whisker() {
  return (
    <dd className={styles.whisker} aria-hidden="true">
      <i className={styles.marks} />
    </dd>
  );
}

/** Without interval, "/image", "pt" and, of many, their tenths: a phone has no room for them. */
function brief(truth: Truth): Truth {
  const delta = truth.delta
    .replace(`${THIN}%`, "%")
    .replace(`${THIN}pt`, "")
    .replace(/\d\d\.\d$/, (tenths) => String(Math.round(Number(tenths))))
    // All but a little is not all.
    .replace(/99\.\d%$/, "99%");
  return {
    ...truth,
    delta: delta === "" ? "" : ` ${delta}`,
    unit: truth.unit.split(/ ±|\//)[0] ?? "",
  };
}

function write(place: Place, truth: Truth): void {
  setText(place.about, truth.about ?? "");
  setText(place.value, truth.value);
  // With its space, which alone would jump when the first number comes.
  setText(place.unit, truth.unit === "" ? "" : ` ${truth.unit}`);
  // In a narrow place, where it has no margin of its own, it stays with the figure.
  const isAbout = place.deltaAbout !== null && truth.delta.startsWith(ABOUT);
  setText(place.deltaAbout, isAbout ? ABOUT : "");
  setText(place.delta, isAbout ? truth.delta.slice(ABOUT.length) : truth.delta);
  // In two places, so that the words neither give way to a change that comes nor move up to its place.
  setText(place.from, truth.delta === "" ? "" : ` ${truth.from}`);
  setText(place.alone, truth.delta === "" ? truth.from : "");
  place.root.classList.toggle(styles.hollow ?? "", truth.isHollow);
  // Painted so long: a width would have the page laid out anew every frame, a transform its layers sorted.
  if (place.share) place.share.style.backgroundSize = `${Math.min(1, truth.share) * 100}% 100%`;
}

interface AccuracyTruth extends Truth {
  readonly accuracy: number | null;
  readonly interval: readonly [number, number] | null;
  readonly base: number | null;
}

function accuracyTruth(page: PageState, slider: Shown, state: MeasuredState): AccuracyTruth {
  const { session, data } = page;
  const baseline = baselineOf(page);
  const nothing = { share: 0, accuracy: null, interval: null, base: null, isHollow: true };
  if (session === null) return { ...nothing, value: "–", unit: "", delta: "", from: "" };
  const baseName = `${baseline?.session.key ?? ""}|0`;
  const base = largestOf(state, baseName);
  const position = { key: session.key, method: slider.method, ratio: slider.ratio };
  const name = positionName(position);
  const exact = largestOf(state, name);
  const guess =
    exact?.accuracy ?? interpolate(dotsOf(state, session.key, slider.method), slider.ratio);
  if (guess === null) {
    const from = whyUnmeasured(page, state);
    return { ...nothing, value: "–", unit: "", delta: "", from, base: base?.accuracy ?? null };
  }
  const isBase = base === exact;
  // A difference is one of networks only on the same images.
  const pair = pairOf(state, name, baseName);
  const was = pair?.was ?? base;
  const of = was === undefined || isBase ? "" : `from ${percent(was.accuracy)}`;
  const held = data?.test === null ? " held back" : "";
  const sample =
    exact === undefined ? "between measured points" : `n\u00a0=\u00a0${count(exact.count)}${held}`;
  const isSmaller = pair !== null && exact !== undefined && pair.was.count < exact.count;
  // What it is a change from gives way to the images that the change is on: there is room for one.
  const on = isSmaller && !isBase ? `on ${count(pair.was.count)}` : of;
  const change =
    was === undefined || isBase
      ? ""
      : pair === null
        ? `${ABOUT}${points(guess, was.accuracy)}`
        : points(pair.now.accuracy, pair.was.accuracy);
  return {
    about: exact === undefined ? ABOUT : "",
    value: fixed(guess * 100, 1),
    unit: exact === undefined ? "%" : `% ± ${halfWidth(exact.interval)}`,
    delta: change,
    from: [on, sample].filter((text) => text !== "").join(", "),
    isHollow: exact === undefined,
    share: guess,
    accuracy: guess,
    interval: exact?.interval ?? null,
    base: base?.accuracy ?? null,
  };
}

/** In a few words, for a narrow column; the notice over the page has the sentence. */
function whyUnmeasured(page: PageState, { problem }: MeasuredState): string {
  if ((page.data?.test ?? page.data?.validation ?? null) === null) return "needs test images";
  const misfit = misfitMeasured(page);
  if (misfit !== null) return disagreement(misfit);
  return problem === null ? "not measured yet" : "could not be measured";
}

/** Where a mark is out of sight, in lengths of the axis. */
const OUTSIDE = -1;

/** The accuracy's axis: the last few points below the baseline, or all of it after a collapse. */
function writeWhisker(whisker: HTMLElement, { accuracy, interval, base }: AccuracyTruth): void {
  const top = Math.min(1, (base ?? accuracy ?? 1) + 0.03);
  const low = accuracy !== null && accuracy < top - 0.085 ? 0 : top - 0.085;
  const place = (value: number): number => Math.min(1, Math.max(0, (value - low) / (top - low)));
  const set = (name: string, value: number | null | undefined): void => {
    const share = (value === null || value === undefined ? OUTSIDE : place(value)).toFixed(4);
    if (whisker.style.getPropertyValue(name) !== share) whisker.style.setProperty(name, share);
  };
  set("--at", accuracy);
  set("--base", base);
  set("--from", interval?.[0]);
  set("--to", interval?.[1]);
}

function costTruths(page: PageState, slider: Shown, state: MeasuredState): readonly Truth[] {
  const { session } = page;
  const before = baselineOf(page)?.session;
  const nothing: Truth = { value: "–", unit: "", delta: "", from: "", isHollow: true, share: 0 };
  if (session === null || before === undefined) return [nothing, nothing, nothing];
  const now = slider.preview?.cost ?? session.cost;
  const isSame = now.parameters === before.cost.parameters && now.macs === before.cost.macs;
  const of = (now_: number, was: number, extra = ""): Omit<Truth, "isHollow"> => {
    const { value, unit } = large(now_);
    return {
      value,
      unit,
      delta: isSame ? "" : relative(now_, was),
      from: [isSame ? "" : `from ${largeText(was)}`, extra].filter((t) => t !== "").join(", "),
      share: was > 0 ? now_ / was : 0,
    };
  };
  return [
    {
      ...of(now.parameters, before.cost.parameters, `${bytes(now.bytes)} file`),
      isHollow: false,
    },
    { ...of(now.macs, before.cost.macs, isSame ? "multiply-accumulates" : ""), isHollow: false },
    latencyTruth({ key: session.key, ...slider }, wholeName(before.key), state),
  ];
}

/** A change is said only of two networks that took turns, and only where they are told apart. */
function latencyTruth(position: Position, base: string, state: MeasuredState): Truth {
  const name = positionName(position);
  const [ms, was] = [state.latencies.get(name), state.latencies.get(base)];
  if (ms === undefined) {
    const missing = state.isClockStill
      ? "not measurable: the clock stands still"
      : "not measured yet";
    const from = was === undefined ? missing : `was ${milliseconds(was)}${THIN}ms`;
    return { value: "–", unit: "", delta: "", from, isHollow: true, share: 0 };
  }
  const own = state.timedBeside.get(name)?.own;
  const half = own === undefined ? "" : ` ± ${fixed((own.high - own.low) / 2, ms < 10 ? 2 : 1)}`;
  const figure = { value: milliseconds(ms), unit: `ms${half}`, isHollow: false };
  const change = latencyChangeOf(state, name, base);
  if (change === null) return { ...figure, delta: "", from: "an image, on this machine", share: 1 };
  const { ratio, isTold } = change;
  const before = `${milliseconds(change.was)}${THIN}ms`;
  return isTold
    ? { ...figure, delta: relative(ratio, 1), from: `from ${before}`, share: ratio }
    : { ...figure, delta: "", from: `not told apart from ${before}`, share: ratio };
}
