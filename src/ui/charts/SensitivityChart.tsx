/** @file Every layer's sensitivity curve on shared axes; the layer under the pointer stands out. */
import { memo, useMemo, useRef } from "react";
import { CartesianGrid, Line, LineChart, Tooltip, XAxis, YAxis } from "recharts";
import { useMethod, useSensitivity, useSlider } from "../../state/index.ts";
import { percent } from "../format.ts";
import { useSize } from "../parts/use-size.ts";
import { rampColor } from "./ramp.ts";
import styles from "./chart.module.css";

type Row = Record<string, number>;

export default function SensitivityChart() {
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const curves = useSensitivity((state) => state.curves);
  const base = useSensitivity((state) => state.base);
  const pruning = useMethod((state) => state.pruning);
  const hovered = useSlider((state) => state.hovered);
  const layers = pruning?.layers ?? [];
  const rows = useMemo(() => {
    const byRatio = new Map<number, Row>();
    for (const [name, samples] of curves) {
      for (const { ratio, accuracy } of [{ ratio: 0, accuracy: base ?? Number.NaN }, ...samples]) {
        if (!Number.isFinite(accuracy)) continue;
        const row = byRatio.get(ratio) ?? { ratio };
        row[name] = accuracy;
        byRatio.set(ratio, row);
      }
    }
    return [...byRatio.values()].sort((a, b) => (a["ratio"] ?? 0) - (b["ratio"] ?? 0));
  }, [curves, base]);
  const name = hovered === null ? null : (layers[hovered]?.name ?? null);
  return (
    <div className={styles.chart} ref={box}>
      {width > 0 && (
        <Lines rows={rows} names={layers.map((layer) => layer.name)} hovered={name} width={width} />
      )}
    </div>
  );
}

interface LinesProps {
  readonly rows: readonly Row[];
  readonly names: readonly string[];
  readonly hovered: string | null;
  readonly width: number;
}

const Lines = memo(function Lines({ rows, names, hovered, width }: LinesProps) {
  return (
    <LineChart
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
        formatter={(value) => percent(Number(value))}
        labelFormatter={(ratio) => `${percent(Number(ratio), 0)} removed`}
      />
      {names.map((name, i) => (
        <Line
          key={name}
          dataKey={name}
          stroke={hovered === name ? "var(--ink)" : rampColor(i, names.length)}
          strokeWidth={hovered === name ? 2.5 : 1.25}
          dot={false}
          isAnimationActive={false}
          connectNulls
        />
      ))}
    </LineChart>
  );
});
