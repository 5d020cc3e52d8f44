/** @file The chart of the runs and of the slider's measured positions, with what it counts by. */
import { useCommands, useComparing, type ComparedPoint, type CostAxis } from "../../state/index.ts";
import { ChartFrame } from "../charts/ChartFrame.tsx";
import { tableOfPoints } from "../charts/cost-words.ts";
import { CostChart } from "../charts/CostChart.tsx";
import { count } from "../format.ts";
import { Segments } from "../parts/Segments.tsx";
import styles from "./Runs.module.css";
import type { Points } from "./use-points.ts";

const AXES: readonly { readonly value: CostAxis; readonly label: string }[] = [
  { value: "macs", label: "MACs" },
  { value: "parameters", label: "Parameters" },
];

interface RunsChartProps extends Points {
  /** The run on the page. */
  readonly shownRun: number;
}

export function RunsChart({ points, front, shownRun }: RunsChartProps) {
  const { compare, restore, setRatio } = useCommands();
  const axis = useComparing((state) => state.axis);
  const lit = useComparing((state) => state.lit);
  const shifted = points.find(({ shiftedTo }) => shiftedTo !== null)?.shiftedTo ?? null;
  const title = axis === "macs" ? "Accuracy against MACs" : "Accuracy against parameters";
  const choose = (point: ComparedPoint): void => {
    if (point.run === shownRun) return;
    if (point.run !== null) restore(point.run);
    else if (point.ratio !== null) setRatio(point.ratio);
  };
  return (
    <div className={styles.chart}>
      <ChartFrame
        title={title}
        file={`accuracy-${axis}`}
        table={() => tableOfPoints(points, front)}
        tools={
          <Segments
            label="Cost"
            choices={AXES}
            value={axis}
            onChoose={(value) => compare({ axis: value })}
          />
        }
      >
        <CostChart
          points={points}
          front={front}
          axis={axis}
          shownRun={shownRun}
          lit={lit}
          onLight={(run) => compare({ lit: run })}
          onChoose={choose}
        />
        {shifted !== null && (
          <p className={styles.key}>
            {`What was measured on fewer images is shifted to the baseline's ${count(shifted)}.`}
          </p>
        )}
      </ChartFrame>
    </div>
  );
}
