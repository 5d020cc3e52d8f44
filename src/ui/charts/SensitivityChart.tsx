/**
 * @file Every layer's sensitivity curve on shared axes; the layer under the pointer stands out, with the
 * interval in which its accuracy lies.
 */
import { memo, useMemo, useRef } from "react";
import { Area, CartesianGrid, ComposedChart, Line, Tooltip, XAxis, YAxis } from "recharts";
import { useMethod, useSensitivity, useSlider, type CurveSample } from "../../state/index.ts";
import { count, percent } from "../format.ts";
import { useSize } from "../parts/use-size.ts";
import type { ChartTable } from "./chart-table.ts";
import { ChartFrame } from "./ChartFrame.tsx";
import { rampColor } from "./ramp.ts";
import styles from "./chart.module.css";

/** All that is known at one ratio. */
interface Row {
  readonly ratio: number;
  /** By the layer's name. */
  readonly samples: Map<string, Sample>;
}

type Sample = Omit<CurveSample, "ratio">;

export default function SensitivityChart() {
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const curves = useSensitivity((state) => state.curves);
  const base = useSensitivity((state) => state.base);
  const baseInterval = useSensitivity((state) => state.baseInterval);
  const images = useSensitivity((state) => state.images);
  const pruning = useMethod((state) => state.pruning);
  const hovered = useSlider((state) => state.hovered);
  const layers = pruning?.layers ?? [];
  const rows = useMemo(() => {
    const start = base === null ? null : startOf(base, baseInterval);
    return rowsOf(curves, start);
  }, [curves, base, baseInterval]);
  const name = hovered === null ? null : (layers[hovered]?.name ?? null);
  const names = layers.map((layer) => layer.name);
  return (
    <ChartFrame
      title="Accuracy with one layer cut"
      file="sensitivity"
      table={() => tableOf(rows, names, images)}
    >
      <div className={styles.chart} ref={box}>
        {width > 0 && <Lines rows={rows} names={names} hovered={name} width={width} />}
        <p className="quiet">
          {`Each point on ${count(images)} images; the band is the 95\u202f% interval of the layer under the pointer.`}
        </p>
      </div>
    </ChartFrame>
  );
}

/** Layer by layer, each from the uncut network on. */
function tableOf(rows: readonly Row[], names: readonly string[], images: number): ChartTable {
  return {
    columns: [
      { title: "Layer", name: "layer" },
      { title: "Removed", name: "ratio", say: (ratio) => percent(ratio, 1, true) },
      { title: "Accuracy", name: "accuracy", say: percent },
      { title: "From", name: "interval_low", say: percent },
      { title: "To", name: "interval_high", say: percent },
      { title: "n", name: "images", say: count },
    ],
    rows: names.flatMap((name) =>
      rows.flatMap(({ ratio, samples }) => {
        const sample = samples.get(name);
        if (sample === undefined) return [];
        const [low, high] = sample.interval ?? [null, null];
        return [[name, ratio, sample.accuracy, low, high, images]];
      }),
    ),
  };
}

function startOf(accuracy: number, interval: readonly [number, number] | null): Sample {
  return interval === null ? { accuracy } : { accuracy, interval };
}

function rowsOf(
  curves: ReadonlyMap<string, readonly CurveSample[]>,
  start: Sample | null,
): readonly Row[] {
  const byRatio = new Map<number, Row>();
  const add = (name: string, ratio: number, sample: Sample): void => {
    const row = byRatio.get(ratio) ?? { ratio, samples: new Map() };
    row.samples.set(name, sample);
    byRatio.set(ratio, row);
  };
  for (const [name, samples] of curves) {
    if (start !== null) add(name, 0, start);
    for (const { ratio, ...sample } of samples) add(name, ratio, sample);
  }
  return [...byRatio.values()].sort((a, b) => a.ratio - b.ratio);
}

interface LinesProps {
  readonly rows: readonly Row[];
  readonly names: readonly string[];
  readonly hovered: string | null;
  readonly width: number;
}

const Lines = memo(function Lines({ rows, names, hovered, width }: LinesProps) {
  return (
    <ComposedChart
      width={width}
      height={280}
      data={[...rows]}
      margin={{ top: 8, right: 8, bottom: 20, left: 0 }}
    >
      <CartesianGrid stroke="var(--line)" vertical={false} />
      <XAxis
        dataKey="ratio"
        type="number"
        domain={[0, 1]}
        ticks={[0, 0.2, 0.4, 0.6, 0.8, 1]}
        tickFormatter={(ratio: number) => percent(ratio, 0)}
        label={{ value: "removed from one layer alone", position: "insideBottom", offset: -12 }}
      />
      <YAxis
        tickFormatter={(share: number) => percent(share, 0)}
        width={48}
        domain={["auto", "auto"]}
      />
      <Tooltip
        isAnimationActive={false}
        formatter={(value) =>
          Array.isArray(value)
            ? value.map((end) => percent(Number(end))).join(" to ")
            : percent(Number(value))
        }
        labelFormatter={(ratio) => `${percent(Number(ratio), 0)} removed`}
      />
      {hovered !== null && (
        <Area
          name={`${hovered}, 95\u202f% interval`}
          dataKey={({ samples }: Row) => samples.get(hovered)?.interval}
          fill="var(--ink)"
          fillOpacity={0.12}
          stroke="none"
          isAnimationActive={false}
          activeDot={false}
        />
      )}
      {names.map((name, i) => (
        <Line
          key={name}
          name={name}
          dataKey={({ samples }: Row) => samples.get(name)?.accuracy}
          stroke={hovered === name ? "var(--ink)" : rampColor(i, names.length)}
          strokeWidth={hovered === name ? 2.5 : 1.25}
          dot={false}
          isAnimationActive={false}
          connectNulls
        />
      ))}
    </ComposedChart>
  );
});
