/**
 * @file Every layer's sensitivity curve on shared axes. The one that is pointed at, here or in any other view,
 * stands out with its measured points and the interval in which its accuracy lies; a press on a point
 * cuts that layer as it was cut there.
 */
import { memo, useMemo, useRef, useState } from "react";
import { useCommands, useMethod, useSensitivity, type CurveSample } from "../../state/index.ts";
import { count, percent, percentValue } from "../format.ts";
import { useEscape } from "../parts/use-escape.ts";
import { useSize } from "../parts/use-size.ts";
import { Refused } from "../prune/Refused.tsx";
import { AccuracyGrid } from "./AccuracyGrid.tsx";
import type { ChartTable } from "./chart-table.ts";
import { ChartFrame } from "./ChartFrame.tsx";
import { HEIGHT, MARGIN, placeCurves, type PlacedCurves } from "./curve-points.ts";
import { LitCurve } from "./LitCurve.tsx";
import { rampColor } from "./ramp.ts";
import { useCurveReading } from "./use-curve-reading.ts";
import styles from "./SensitivityChart.module.css";

export default function SensitivityChart() {
  const curves = useSensitivity((state) => state.curves);
  const base = useSensitivity((state) => state.base);
  const baseInterval = useSensitivity((state) => state.baseInterval);
  const images = useSensitivity((state) => state.images);
  const layers = useMethod((state) => state.pruning?.layers ?? NONE);
  const names = useMemo(() => layers.map(({ name }) => name), [layers]);
  const start = useMemo((): CurveSample | null => {
    if (base === null) return null;
    return {
      ratio: 0,
      accuracy: base,
      ...(baseInterval === null ? {} : { interval: baseInterval }),
    };
  }, [base, baseInterval]);
  const { keepAsMeasured } = useCommands();
  const frame = useRef<HTMLDivElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const dismiss = (): void => {
    setProblem(null);
    frame.current?.querySelector<SVGElement>('[tabindex="0"]')?.focus();
  };
  useEscape(problem !== null, dismiss);
  return (
    <ChartFrame
      title="Accuracy with one layer cut"
      file="sensitivity"
      table={() => tableOf({ curves, names, start }, images)}
    >
      <div
        role="presentation"
        className={styles.frame}
        ref={frame}
        onBlur={({ currentTarget, relatedTarget: to }) => {
          // A press on the words of a refusal, which goes to what is around, leaves them there to be read.
          const isHere = currentTarget.contains(to) || to?.contains(currentTarget) === true;
          if (!isHere) setProblem(null);
        }}
      >
        <Drawing
          curves={curves}
          names={names}
          start={start}
          onChoose={(name, at) => setProblem(keepAsMeasured(name, at))}
        />
        <Refused text={problem} onDismiss={dismiss} />
      </div>
      <p className={`quiet ${styles.note ?? ""}`}>
        {`Each point on ${count(images)} images; the band is the 95\u202f% interval of the layer that is pointed at. A press on a point cuts the layer so.`}
      </p>
    </ChartFrame>
  );
}

const NONE: readonly { readonly name: string }[] = [];

type DrawingProps = Parameters<typeof placeCurves>[0];

/** Layer by layer, each from the uncut network on. */
function tableOf({ curves, names, start }: DrawingProps, images: number): ChartTable {
  return {
    columns: [
      { title: "Layer", name: "layer" },
      { title: "Removed", name: "ratio", say: (ratio) => percent(ratio, 1, true) },
      { title: "Accuracy", name: "accuracy", say: percent },
      { title: "From", name: "interval_low", say: percent },
      { title: "To", name: "interval_high", say: percent },
      { title: "n", name: "images", say: count },
    ],
    rows: names.flatMap((name) => {
      const samples = curves.get(name) ?? [];
      const whole = start === null || samples.length === 0 ? [] : [start];
      return [...whole, ...samples].map(({ ratio, accuracy, interval }) => {
        const [low, high] = interval ?? [null, null];
        return [name, ratio, accuracy, low, high, images];
      });
    }),
  };
}

interface ChartProps extends DrawingProps {
  /** A layer is to be cut as it was cut at a ratio. */
  readonly onChoose: (name: string, at: number) => void;
}

function Drawing({ curves, names, start, onChoose }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const placed = useMemo(
    () => placeCurves({ curves, names, start }, width),
    [curves, names, start, width],
  );
  const { lit, stop, ratio, read, listeners } = useCurveReading(placed, (layer, at) =>
    onChoose(names[layer] ?? "", at),
  );
  return (
    <div
      ref={box}
      role="toolbar"
      tabIndex={-1}
      aria-label={`Curves: ${placed.curves.length}, from one to the next by up and down, along one by left and right`}
      className={styles.chart}
      style={{ height: HEIGHT }}
      data-pointing={lit !== undefined && ratio !== null}
      {...listeners}
    >
      {width > 0 && (
        <svg width={width} height={HEIGHT}>
          <Axes placed={placed} isTitled={lit === undefined || width >= ROOMY} />
          <Lines placed={placed} names={names} />
          <Labels placed={placed} names={names} lit={lit?.layer ?? null} />
          {stop !== undefined && (
            <LitCurve
              placed={placed}
              curve={stop}
              isLit={lit !== undefined}
              ratio={lit === undefined ? null : ratio}
              name={names[stop.layer] ?? ""}
              onFocus={(at) => read(stop.layer, at)}
            />
          )}
        </svg>
      )}
    </div>
  );
}

interface AxesProps {
  readonly placed: PlacedCurves;
  /** False where the lit curve's words need the room. */
  readonly isTitled: boolean;
}

/** From here on there is room for the axis' title beside what the lit curve says, CSS pixels. */
const ROOMY = 480;

function Axes({ placed: { x, y }, isTitled }: AxesProps) {
  const [foot, right] = [HEIGHT - MARGIN.bottom, x.at(x.high)];
  return (
    <g aria-hidden="true">
      <AccuracyGrid y={y} left={MARGIN.left} right={right} foot={foot} isTitled={isTitled} />
      {x.ticks.map((tick) => (
        <text key={tick} x={x.at(tick)} y={foot + 18} textAnchor="middle">
          {percentValue(tick, 0)}
        </text>
      ))}
      <text x={right} y={HEIGHT - 6} textAnchor="end">
        removed from one layer alone, %
      </text>
    </g>
  );
}

interface LinesProps {
  readonly placed: PlacedCurves;
  readonly names: readonly string[];
}

/** Apart from the lit one: the pointer's moves draw none of these anew. */
const Lines = memo(function Lines({ placed, names }: LinesProps) {
  return placed.curves.map(({ layer, path }) => (
    <path
      key={layer}
      d={path}
      className={styles.line}
      style={{ stroke: rampColor(layer, names.length) }}
    />
  ));
});

interface LabelsProps extends LinesProps {
  /** The layer that is pointed at. */
  readonly lit: number | null;
}

/** The layers' names where their curves end; a line leads to one that had to move. */
function Labels({ placed: { labels, curves, x }, names, lit }: LabelsProps) {
  const left = x.at(x.high) + 6;
  return (
    <g aria-hidden="true" className={styles.labels}>
      {labels.map(({ layer, from, y }) => {
        const color = rampColor(layer, names.length);
        const end = curves.find((curve) => curve.layer === layer)?.samples.at(-1)?.ratio ?? 1;
        return (
          <g key={layer} data-lit={layer === lit}>
            <line
              x1={x.at(end) + 2}
              y1={from}
              x2={left - 3}
              y2={y}
              className={styles.leader}
              style={{ stroke: color }}
            />
            <text x={left} y={y + 4} style={{ fill: color }}>
              {names[layer]}
            </text>
          </g>
        );
      })}
    </g>
  );
}
