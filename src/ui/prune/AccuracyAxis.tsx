/**
 * @file The measured accuracies over the slider, on the slider's own axis. A click on a point goes
 * there. Points change a few times a second at most, so React renders them; only the stem of the
 * current position moves with the thumb.
 */
import { useMemo, useRef } from "react";
import {
  dotsOf,
  interpolate,
  useCommands,
  useMeasured,
  useMethod,
  usePage,
  useWorkbench,
  type Dot,
} from "../../state/index.ts";
import { count, percent, THIN } from "../format.ts";
import { named } from "../parts/named.ts";
import { useFrame } from "../parts/use-frame.ts";
import { bendsOf, isBroken, placeOn, rangeOf, type AccuracyRange } from "./accuracy-axis.ts";
import styles from "./AccuracyAxis.module.css";

const HEIGHT = 88;
/** Across the mark at the thumb's position. */
const MARK = 9;

/** Of the axis' two ends. */
const [TOP, FOOT] = [12, HEIGHT - 12];
/** On fewer images a point is a rough one. */
const ENOUGH = 2_000;

const heightOf = (range: AccuracyRange, accuracy: number): number =>
  TOP + placeOn(range, accuracy) * (FOOT - TOP);

export function AccuracyAxis({ isFlat }: { readonly isFlat: boolean }) {
  const key = usePage((state) => state.session?.key ?? "");
  const method = useMethod((state) => state.text);
  const evaluations = useMeasured((state) => state.evaluations);
  const { measured } = useWorkbench();
  const dots = useMemo(
    () => dotsOf({ ...measured.getState(), evaluations }, key, method),
    [measured, evaluations, key, method],
  );
  const base = dots[0]?.ratio === 0 ? dots[0].accuracy : null;
  const range = useMemo(() => rangeOf(dots, base), [dots, base]);
  if (isFlat) return <FlatDots dots={dots} />;
  return (
    <div
      className={styles.axis}
      style={{ height: HEIGHT }}
      role="group"
      aria-label="Measured accuracies"
    >
      {base !== null && (
        <span className={styles.base} aria-hidden="true">
          {percent(base)}
        </span>
      )}
      {dots.length > 1 && <Foot range={range} />}
      <Curve dots={dots} base={base} range={range} />
      <Stem dots={dots} range={range} />
      {dots.map((dot) => (
        <DotButton key={dot.ratio} dot={dot} height={heightOf(range, dot.accuracy)} />
      ))}
    </div>
  );
}

/** How far down the axis goes, at its left end, where a curve is mostly high. */
function Foot({ range }: { readonly range: AccuracyRange }) {
  const broken = isBroken(range);
  return (
    <span
      // Where the axis begins to go on below it, it stands higher: another one, which has not moved.
      key={String(broken)}
      className={styles.foot}
      data-broken={broken}
      style={{ top: heightOf(range, range.foot) }}
      aria-hidden="true"
    >
      {broken ? `\u2264${THIN}` : ""}
      {percent(range.foot, 0)}
    </span>
  );
}

function DotButton({ dot, height }: { readonly dot: Dot; readonly height: number }) {
  const { setRatio } = useCommands();
  const label = `${percent(dot.ratio, 1, true)}: ${percent(dot.evaluation.accuracy)} accuracy on ${count(dot.evaluation.count)} images`;
  return (
    <button
      type="button"
      className={styles.dot}
      data-rough={dot.evaluation.count < ENOUGH}
      style={{ left: `${dot.ratio * 100}%`, translate: `0 ${height}px` }}
      {...named(label)}
      tabIndex={-1}
      onClick={() => setRatio(dot.ratio)}
    />
  );
}

function FlatDots({ dots }: { readonly dots: readonly Dot[] }) {
  const { setRatio } = useCommands();
  return (
    <div className={styles.flat} role="group" aria-label="Measured accuracies">
      {dots.map((dot) => (
        <button
          key={dot.ratio}
          type="button"
          className={styles.dot}
          style={{ left: `${dot.ratio * 100}%`, top: 0 }}
          aria-label={`${percent(dot.ratio, 1, true)}: ${percent(dot.evaluation.accuracy)} accuracy`}
          tabIndex={-1}
          onClick={() => setRatio(dot.ratio)}
        />
      ))}
    </div>
  );
}

interface CurveProps {
  readonly dots: readonly Dot[];
  readonly base: number | null;
  readonly range: AccuracyRange;
}

function Curve({ dots, base, range }: CurveProps) {
  const points = bendsOf(range, dots).map(
    ({ ratio, accuracy }) => `${ratio * 1000},${heightOf(range, accuracy)}`,
  );
  return (
    <svg
      className={styles.curve}
      viewBox={`0 0 1000 ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {base !== null && (
        <path
          d={`M0 ${heightOf(range, base)}H1000`}
          className={styles.baseLine}
          vectorEffect="non-scaling-stroke"
        />
      )}
      {points.length > 1 && (
        <polyline
          points={points.join(" ")}
          className={styles.line}
          vectorEffect="non-scaling-stroke"
        />
      )}
    </svg>
  );
}

/** From the curve down to the thumb; filled when measured here, hollow when between points. */
function Stem({ dots, range }: Omit<CurveProps, "base">) {
  const { slider } = useWorkbench();
  const stem = useRef<HTMLDivElement>(null);
  useFrame([slider], () => {
    const element = stem.current;
    if (element === null) return;
    const { ratio } = slider.getState();
    const accuracy = interpolate(dots, ratio);
    if (element.hidden !== (accuracy === null)) element.hidden = accuracy === null;
    if (accuracy === null) return;
    const top = heightOf(range, accuracy);
    const left = `${ratio * 100}%`;
    element.style.backgroundPosition = `${left} ${top - MARK / 2}px, ${left} 100%`;
    element.style.backgroundSize = `${MARK}px ${MARK}px, ${MARK}px calc(100% - ${top}px)`;
    const isMeasured = String(dots.some((dot) => dot.ratio === ratio));
    if (element.dataset["measured"] !== isMeasured) element.dataset["measured"] = isMeasured;
  });
  return <div ref={stem} className={styles.stem} aria-hidden="true" />;
}
