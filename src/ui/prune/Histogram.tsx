/**
 * @file The scores of all channels in the slider's two colours, together or layer by layer. Where all are
 * ranked against each other there is one threshold, which can be dragged: it moves the slider, and the
 * slider moves it. Where each pool is cut by itself there is none, and the hatched parts of the bars
 * say what goes.
 */
import { useMemo, useRef, useState } from "react";
import {
  shownOf,
  useMethod,
  useWorkbench,
  type MethodState,
  type Pruning,
} from "../../state/index.ts";
import { ChartFrame } from "../charts/ChartFrame.tsx";
import { readPalette } from "../charts/ink.ts";
import { writeDrawing } from "../charts/write-drawing.ts";
import { plural } from "../format.ts";
import { Explained } from "../parts/Explained.tsx";
import { Segments } from "../parts/Segments.tsx";
import { setText, useFrame } from "../parts/use-frame.ts";
import {
  drawHistogram,
  histogramBins,
  histogramTable,
  type HistogramView,
  type Shown,
} from "./histogram-document.ts";
import { HistogramAll } from "./HistogramAll.tsx";
import { HistogramLayers } from "./HistogramLayers.tsx";
import { criterionMeaning, criterionTitle } from "./method-words.ts";
import { useScoreAxis } from "./use-score-axis.ts";
import styles from "./Histogram.module.css";

const VIEWS = [
  { value: "all", label: "all layers" },
  { value: "layers", label: "per layer" },
] as const;

export function Histogram() {
  const pruning = useMethod((state) => state.pruning);
  return pruning === null ? null : <Chart pruning={pruning} />;
}

function Chart({ pruning }: { readonly pruning: Pruning }) {
  const { slider } = useWorkbench();
  const hasLine = useMethod(hasThreshold);
  const [view, setView] = useState<HistogramView>("all");
  const layerName = useRef<HTMLSpanElement>(null);
  const [isLog, setIsLog] = useState(false);
  const axis = useScoreAxis(pruning);
  const all = useMemo(() => histogramBins(pruning, axis), [pruning, axis]);
  useFrame([slider], () => {
    const { hovered } = slider.getState();
    const name = hovered === null ? undefined : pruning.layers[hovered]?.name;
    setText(layerName.current, name === undefined || view !== "all" ? "" : name);
  });
  const shown = (): Shown => {
    const { preview } = shownOf(slider.getState());
    const isCutting = hasLine && (preview?.removed ?? 0) > 0;
    const threshold = isCutting ? (preview?.threshold ?? null) : null;
    return { pruning, preview, threshold, isLog };
  };
  const title = criterionTitle(pruning.criterion);
  const Plot = view === "all" ? HistogramAll : HistogramLayers;
  return (
    <div className={styles.histogram}>
      <ChartFrame
        title={`${title}, histogram`}
        heading={
          <Explained meaning={criterionMeaning(pruning.criterion)} position="bottom-start">
            {title}
          </Explained>
        }
        file={view === "all" ? "scores" : "scores-by-layer"}
        table={() => histogramTable(all, shown(), view)}
        svg={() => writeDrawing(drawHistogram(all, shown(), view), readPalette())}
      >
        <div className={styles.head}>
          <Segments label="Histogram of" choices={VIEWS} value={view} onChoose={setView} />
          <button
            type="button"
            className={styles.log}
            aria-pressed={isLog}
            title="The heights of the bars follow the logarithm of their counts"
            onClick={() => setIsLog(!isLog)}
          >
            log<span className="visually-hidden"> counts</span>
          </button>
          {!hasLine && pruning.pools > 1 && (
            <span className={styles.lines}>{plural(pruning.pools, "pool")}, each by itself</span>
          )}
          <span className={styles.layer} ref={layerName} title="Its channels are the ticks below" />
        </div>
        <Plot pruning={pruning} all={all} hasLine={hasLine} isLog={isLog} />
      </ChartFrame>
    </div>
  );
}

/** One threshold makes sense where one line is cut from its low end; a target's greedy choice is no such cut. */
function hasThreshold({ method, pruning }: Pick<MethodState, "method" | "pruning">): boolean {
  const { kind } = method.allocation;
  const isCut = kind === "target" && method.options.scoring !== "greedy";
  return pruning?.pools === 1 && (kind === "global-threshold" || isCut);
}
