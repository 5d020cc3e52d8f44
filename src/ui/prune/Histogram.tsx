/**
 * @file The scores of all channels in the slider's two colours. Where all are ranked against each other
 * there is one threshold, which can be dragged: it moves the slider, and the slider moves it. Where each
 * pool is cut by itself there is none, and the hatched parts of the bars say what goes. Below
 * stand the ticks of the layer under the pointer.
 */
import { useMemo, useRef, type KeyboardEvent, type PointerEvent } from "react";
import {
  RATIO_STEP,
  shownOf,
  useCommands,
  useMethod,
  useWorkbench,
  type MethodState,
  type Pruning,
} from "../../state/index.ts";
import {
  countBins,
  decades,
  placeOf,
  RemovedBins,
  roundScores,
  scoreAt,
  scoreAxis,
  type Bins,
} from "../charts/histogram.ts";
import { beginPaint, readInk } from "../charts/ink.ts";
import { plural, score } from "../format.ts";
import { Explained } from "../parts/Explained.tsx";
import { setText, useFrame } from "../parts/use-frame.ts";
import { useSize } from "../parts/use-size.ts";
import { criterionMeaning, criterionTitle } from "./method-words.ts";
import { paintBars, paintTicks, PLOT, TICKS } from "./paint-histogram.ts";
import styles from "./Histogram.module.css";

const BINS = 52;

export function Histogram() {
  const pruning = useMethod((state) => state.pruning);
  return pruning === null ? null : <Chart pruning={pruning} />;
}

function Chart({ pruning }: { readonly pruning: Pruning }) {
  const { slider, method } = useWorkbench();
  const { setThreshold, setRatio } = useCommands();
  const hasLine = useMethod(hasThreshold);
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const handle = useRef<HTMLDivElement>(null);
  const label = useRef<HTMLSpanElement>(null);
  const layerName = useRef<HTMLSpanElement>(null);
  const { width } = useSize(box);
  const { bins, gone } = useMemo(() => binsOf(pruning), [pruning]);

  useFrame([slider, method], () => {
    if (canvas.current === null || width === 0) return;
    const { preview, hovered, ratio } = shownOf(slider.getState());
    const ctx = beginPaint(canvas.current, width, PLOT + TICKS);
    if (ctx === null) return;
    const ink = readInk();
    const plan = preview?.plan;
    const removed = gone.count((i) => plan?.kept.get(pruning.layers[i]?.name ?? ""));
    paintBars(ctx, bins, removed, width, ink);
    const layer = hovered === null ? undefined : pruning.layers[hovered];
    const kept = hovered === null ? 0 : (preview?.kept[hovered] ?? layer?.of ?? 0);
    if (layer !== undefined) paintTicks(ctx, layer.scores, kept, bins, width, ink);
    setText(layerName.current, layer === undefined ? "" : `ticks: ${layer.name}`);
    const knob = handle.current;
    if (knob === null) return;
    const threshold = preview?.threshold ?? 0;
    const isCutting = (preview?.removed ?? 0) > 0;
    const place = isCutting ? placeOf(threshold, bins) : 0;
    knob.style.transform = `translateX(${place * width}px)`;
    const side = place > 0.75 ? "left" : "right";
    if (knob.dataset["side"] !== side) knob.dataset["side"] = side;
    knob.setAttribute("aria-valuenow", String(Math.round(ratio * 1000) / 10));
    knob.setAttribute("aria-valuetext", isCutting ? score(threshold) : "nothing removed");
    setText(label.current, isCutting ? score(threshold) : "");
  });

  const drag = (event: PointerEvent<HTMLElement>): void => {
    const rect = box.current?.getBoundingClientRect();
    if (!hasLine || rect === undefined || (event.buttons & 1) === 0) return;
    const place = (event.clientX - rect.left) / rect.width;
    if (place <= 0) setRatio(0);
    else setThreshold(scoreAt(place, bins));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = stepOf(event.key, slider.getState().ratio);
    if (next === undefined) return;
    event.preventDefault();
    setRatio(next);
  };
  return (
    <figure className={styles.histogram}>
      <figcaption className={styles.head}>
        <h3>
          <Explained meaning={criterionMeaning(pruning.criterion)} position="bottom-start">
            {criterionTitle(pruning.criterion)}
          </Explained>
        </h3>
        {!hasLine && pruning.pools > 1 && (
          <span className={styles.lines}>{plural(pruning.pools, "pool")}, each cut by itself</span>
        )}
        <span className={styles.layer} ref={layerName} />
      </figcaption>
      <div
        className={styles.plot}
        data-line={hasLine}
        ref={box}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          drag(event);
        }}
        onPointerMove={drag}
      >
        <canvas ref={canvas} aria-hidden="true" />
        {hasLine && (
          <div
            ref={handle}
            className={styles.handle}
            role="slider"
            tabIndex={0}
            aria-label="Threshold"
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={0}
            onKeyDown={onKeyDown}
          >
            <span className={styles.knob} />
            <span className={styles.value} ref={label} />
          </div>
        )}
      </div>
      <AxisTicks bins={bins} />
    </figure>
  );
}

/** One threshold makes sense where one line is cut from its low end; a target's greedy choice is no such cut. */
function hasThreshold({ method, pruning }: Pick<MethodState, "method" | "pruning">): boolean {
  const { kind } = method.allocation;
  const isCut = kind === "target" && method.options.scoring !== "greedy";
  return pruning?.pools === 1 && (kind === "global-threshold" || isCut);
}

function binsOf({ sorted, layers }: Pruning): { readonly bins: Bins; readonly gone: RemovedBins } {
  const bins = countBins(sorted, BINS, scoreAxis(sorted));
  const own = layers.map((layer) => (layer.isLocked ? new Float64Array() : layer.own));
  return { bins, gone: new RemovedBins(own, bins) };
}

function stepOf(key: string, ratio: number): number | undefined {
  const moves: Record<string, number> = {
    ArrowLeft: ratio - RATIO_STEP,
    ArrowDown: ratio - RATIO_STEP,
    ArrowRight: ratio + RATIO_STEP,
    ArrowUp: ratio + RATIO_STEP,
    PageDown: ratio - 0.05,
    PageUp: ratio + 0.05,
    Home: 0,
    End: 1,
  };
  return moves[key];
}

function AxisTicks({ bins }: { readonly bins: Bins }) {
  if (bins.isLinear === true) {
    return (
      <div className={styles.axis} aria-hidden="true">
        {roundScores(bins).map((value) => (
          <span key={value} style={{ left: `${placeOf(value, bins) * 100}%` }}>
            {value}
          </span>
        ))}
      </div>
    );
  }
  return (
    <div className={styles.axis} aria-hidden="true">
      {decades(bins).map((power) => (
        <span key={power} style={{ left: `${placeOf(10 ** power, bins) * 100}%` }}>
          {power < -4 || power > 4 ? (
            <>
              10<sup>{power}</sup>
            </>
          ) : (
            String(10 ** power)
          )}
        </span>
      ))}
    </div>
  );
}
