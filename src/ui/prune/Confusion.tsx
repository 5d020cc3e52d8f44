/**
 * @file Which classes a cut costs: how often each is seen right before and after, and what it is taken for,
 * on the same images. Before, change and after go by the keys of the test images.
 */
import { useEffect, useMemo, useRef, useState } from "react";
import {
  baselineOf,
  changedPairs,
  classFigures,
  confusionsOf,
  misfitMeasured,
  MOST_CONFUSED,
  pairOf,
  positionName,
  useCommands,
  useGallery,
  useMeasured,
  usePage,
  useSlider,
  useTraining,
  useWorkbench,
  wholeName,
  type Confusions,
  type ImageView,
  type PageState,
} from "../../state/index.ts";
import { ChartFrame } from "../charts/ChartFrame.tsx";
import { readPalette } from "../charts/ink.ts";
import { writeDrawing } from "../charts/write-drawing.ts";
import { count, plural } from "../format.ts";
import { Folded } from "../parts/Folded.tsx";
import { misfitSentence } from "../parts/misfit-words.ts";
import { Segments } from "../parts/Segments.tsx";
import { useFrame } from "../parts/use-frame.ts";
import { useRest } from "../parts/use-rest.ts";
import { nameOfClass } from "./class-name.ts";
import { confusionTable, drawConfusion } from "./confusion-table.ts";
import { ClassList } from "./ClassList.tsx";
import { ConfusionMatrix } from "./ConfusionMatrix.tsx";
import styles from "./Confusion.module.css";

/** More classes than these make no matrix that anybody reads. */
const MOST_IN_MATRIX = 20;

const VIEWS = [
  { value: "before", label: "before" },
  { value: "both", label: "change" },
  { value: "after", label: "after" },
] as const satisfies readonly { readonly value: ImageView; readonly label: string }[];

/** Folded unless it is a view of its own. */
export function Confusion({ isAlwaysOpen = false }: { readonly isAlwaysOpen?: boolean }) {
  if (isAlwaysOpen) return <Open />;
  return (
    <Folded title="Classes before and after">
      <Open />
    </Folded>
  );
}

function Open() {
  const { box, name } = useShownPosition();
  const base = wholeName(usePage((state) => baselineOf(state)?.session.key ?? ""));
  const evaluations = useMeasured((state) => state.evaluations);
  const confusions = useMemo(
    () => confusionsOf({ evaluations }, name, base),
    [evaluations, name, base],
  );
  const { divideByClass } = useCommands();
  const classes = usePage((state) => state.session?.classes ?? 0);
  // What was kept from before says how many were right, and not which.
  const isUndivided = confusions === null && pairOf({ evaluations }, name, base) !== null;
  useEffect(() => {
    if (isUndivided && classes <= MOST_CONFUSED) divideByClass([name, base]);
  }, [isUndivided, classes, divideByClass, name, base]);
  return (
    <div ref={box} className={styles.confusion}>
      {confusions === null ? <Empty /> : <Shown confusions={confusions} isSame={name === base} />}
    </div>
  );
}

/** Why there is nothing to see yet. */
function Empty() {
  const why = usePage(whyNothing);
  const isTraining = useTraining(({ status }) => status === "running" || status === "paused");
  const soon = isTraining
    ? "Nothing is measured while a training runs."
    : "Both networks are being measured on the same images; their classes stand here in a moment.";
  return <p className={styles.empty}>{why ?? soon}</p>;
}

/** Why there will be nothing, in a sentence; null where something is to come. */
function whyNothing(page: PageState): string | null {
  if ((page.data?.test ?? page.data?.validation ?? null) === null) {
    return "There are no images to compare on; load some under Load.";
  }
  const misfit = misfitMeasured(page);
  if (misfit !== null) return misfitSentence(misfit);
  const classes = page.session?.classes ?? 0;
  return classes > MOST_CONFUSED
    ? `With ${count(classes)} classes only how many are right is counted, and not which.`
    : null;
}

interface ShownProps {
  readonly confusions: Confusions;
  /** Nothing is cut. */
  readonly isSame: boolean;
}

function Shown({ confusions, isSame }: ShownProps) {
  const { compareImages } = useCommands();
  const data = usePage((state) => state.data);
  const classes = (data?.test ?? data?.validation)?.classes ?? [];
  const isUncut = useSlider((state) => state.isUncut);
  const chosen = useGallery((state) => state.view);
  const view = isUncut ? "before" : chosen;
  return (
    <ChartFrame
      title="Confusion by class"
      file="confusion"
      table={() => confusionTable(confusions, classes)}
      svg={() => writeDrawing(drawConfusion(confusions, view, classes), readPalette())}
      tools={<Segments label="Confusion" choices={VIEWS} value={view} onChoose={compareImages} />}
    >
      <p className="quiet">{isSame ? SAME : wordsFor(confusions, classes)}</p>
      {confusions.after.classes <= MOST_IN_MATRIX ? (
        <ConfusionMatrix confusions={confusions} view={view} classes={classes} />
      ) : (
        <ClassList confusions={confusions} classes={classes} />
      )}
    </ChartFrame>
  );
}

const SAME = "Nothing is cut yet, so before and after are the same network.";

/** Which classes lost most, and which confusions grew most. */
function wordsFor(confusions: Confusions, classes: readonly string[]): string {
  const on = `On the same ${count(confusions.count)} images`;
  const worse = changedPairs(confusions)
    .slice(0, 3)
    .map(({ label, answer, before, after }) => {
      const pair = `${nameOfClass(classes, label)} taken for ${nameOfClass(classes, answer)}`;
      return `${pair} ${count(before)} → ${count(after)}`;
    });
  const falls = classFigures(confusions).filter(({ before, after }) => after < before).length;
  const lost =
    falls === 0
      ? "no class is seen right less often"
      : `${plural(falls, "class", "classes")} seen right less often`;
  return worse.length === 0
    ? `${on}, ${lost}.`
    : `${on}, ${lost}; most of all ${worse.join(", ")}.`;
}

/** The position on the page once it rests; until then what is shown is dimmed, without rendering. */
function useShownPosition() {
  const box = useRef<HTMLDivElement>(null);
  const { slider, method, page } = useWorkbench();
  const now = (): string => {
    const { ratio } = slider.getState();
    const key = page.getState().session?.key ?? "";
    return positionName({ key, method: method.getState().text, ratio });
  };
  const [name, setName] = useState(now);
  const settle = useRest(() => setName(now()));
  useFrame(
    [slider, method, page],
    () => {
      const isStale = String(now() !== name);
      if (box.current !== null && box.current.dataset["stale"] !== isStale) {
        box.current.dataset["stale"] = isStale;
      }
      if (now() !== name) settle();
    },
    "even",
  );
  return { box, name };
}
