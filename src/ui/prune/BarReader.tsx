/**
 * @file Reads the bars of a histogram: the one under the pointer, or by the arrow keys from one to the next,
 * with its scores and its channels in words, which follow the ratio. Nothing renders: the plot paints the ring, the
 * words are written.
 */
import { useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";
import { useWorkbench, type StoreApi } from "../../state/index.ts";
import type { Bins } from "../charts/histogram.ts";
import { setText, useFrame } from "../parts/use-frame.ts";
import { barWords, BINS, nextBar } from "./histogram-document.ts";
import styles from "./Histogram.module.css";

/** The bar that is read, by its bin. */
export type BarRead = StoreApi<{ readonly bin: number | null }>;

interface BarReaderProps {
  readonly read: BarRead;
  readonly bins: Bins;
  /** What of a bin goes now; asked for before the plot is painted. */
  readonly goes: (bin: number) => number;
  /** Where bins lie: as wide as the axis. */
  readonly children: ReactNode;
}

const NO_BAR = "no bar";

export function BarReader({ read, bins, goes, children }: BarReaderProps) {
  const { slider, method } = useWorkbench();
  const tip = useRef<HTMLParagraphElement>(null);
  const bars = useRef<HTMLDivElement>(null);
  const at = (bin: number | null): void => {
    if (read.getState().bin !== bin) read.setState({ bin });
  };
  // What goes of a bar follows the ratio; while no bar is read there is nothing to follow.
  useFrame([read, slider, method], () => {
    const { bin } = read.getState();
    if (tip.current === null || (bin === null && tip.current.hidden)) return;
    tip.current.hidden = bin === null;
    if (bin === null) {
      bars.current?.setAttribute("aria-valuetext", NO_BAR);
      return;
    }
    const text = barWords(bins, bin, goes(bin));
    setText(tip.current, text);
    const share = (100 * (bin + 0.5)) / BINS;
    tip.current.style.left = `${share}%`;
    tip.current.style.transform = `translateX(${-share}%)`;
    bars.current?.setAttribute("aria-valuenow", String(bin + 1));
    bars.current?.setAttribute("aria-valuetext", text);
  });
  const onPointerMove = ({ currentTarget, clientX, buttons }: PointerEvent): void => {
    const { left, width } = currentTarget.getBoundingClientRect();
    const bin = Math.floor(((clientX - left) / width) * BINS);
    // Who drags the threshold reads no bar.
    at(buttons === 0 && (bins.counts[bin] ?? 0) > 0 ? bin : null);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const end = { Home: -1, End: BINS }[event.key];
    const { bin } = read.getState();
    if (step === 1 || step === -1) at(nextBar(bins, bin ?? (step > 0 ? -1 : BINS), step));
    else if (end !== undefined) at(nextBar(bins, end, end < 0 ? 1 : -1));
    else return;
    event.preventDefault();
  };
  return (
    <div role="presentation" onPointerMove={onPointerMove} onPointerLeave={() => at(null)}>
      {/* Its value is the bar that is read. */}
      <div
        ref={bars}
        className={styles.bars}
        role="slider"
        aria-label="Bar to read"
        aria-valuemin={1}
        aria-valuemax={BINS}
        aria-valuenow={1}
        aria-valuetext={NO_BAR}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onBlur={() => at(null)}
      />
      {children}
      <p ref={tip} className={styles.read} aria-hidden="true" hidden />
    </div>
  );
}
