/**
 * @file Which sensitivity curve is read, and which of its points: by the pointer, or by the arrows, where Up and
 * Down go to the next curve at the same ratio, and Left, Right, Home and End along it. A click or Enter chooses
 * the point; a finger reads by its first tap and chooses by its second.
 */
import {
  useRef,
  useState,
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
} from "react";
import { useCommands, useSlider } from "../../state/index.ts";
import { pointAt, type PlacedCurves } from "./curve-points.ts";
import { isTouch } from "./use-pointing.ts";

/** @param onChoose — told a layer by its index, and a ratio that was measured */
export function useCurveReading(
  placed: PlacedCurves,
  onChoose: (layer: number, at: number) => void,
) {
  const hovered = useSlider((state) => state.hovered);
  const [ratio, setRatio] = useState<number | null>(null);
  const { hover } = useCommands();
  const lit = placed.curves.find(({ layer }) => layer === hovered);
  const stop = lit ?? placed.curves[0];
  const under = (event: MouseEvent) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return pointAt(placed, { x: event.clientX - left, y: event.clientY - top });
  };
  const read = (layer: number | null, at: number | null): void => {
    hover(layer);
    setRatio(at);
  };
  /** What was read when the pointer went down. */
  const before = useRef<readonly [number | null, number | null]>([null, null]);
  const choose = (layer: number, at: number): void => {
    if (at > 0) onChoose(layer, at);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (stop === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = nextRead(placed, { layer: stop.layer, ratio }, event.key);
    if (next !== null) read(next.layer, next.ratio);
    else if ((event.key === "Enter" || event.key === " ") && ratio !== null) {
      choose(stop.layer, ratio);
    } else return;
    event.preventDefault();
  };
  const onClick = (event: MouseEvent): void => {
    const point = under(event);
    const isRead = before.current.join() === [point?.layer, point?.sample.ratio].join();
    if (isTouch(event) && !isRead) read(point?.layer ?? null, point?.sample.ratio ?? null);
    else if (point !== null) choose(point.layer, point.sample.ratio);
  };
  const listeners = {
    onPointerMove: (event: PointerEvent): void => {
      const point = under(event);
      read(point?.layer ?? null, point?.sample.ratio ?? null);
    },
    onPointerDown: (): void => {
      before.current = [hovered, ratio];
    },
    onPointerLeave: (event: PointerEvent): void => {
      if (event.pointerType !== "touch") read(null, null);
    },
    onBlur: (event: FocusEvent): void => {
      if (!event.currentTarget.contains(event.relatedTarget)) read(null, null);
    },
    onClick,
    onKeyDown,
  };
  /** `lit` is the curve that is read, `stop` the one that Tab leads to. */
  return { lit, stop, ratio, read, listeners };
}

/** What is read: a layer's curve, and a point of it if one is. */
interface Read {
  readonly layer: number;
  readonly ratio: number | null;
}

/** Where a key leads to from what is read; null for a key that leads nowhere. */
function nextRead({ curves }: PlacedCurves, { layer, ratio }: Read, key: string): Read | null {
  const index = curves.findIndex((curve) => curve.layer === layer);
  const along = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[key];
  const across = { ArrowUp: -1, ArrowDown: 1 }[key];
  if (across !== undefined) {
    const next = curves[Math.min(curves.length - 1, Math.max(0, index + across))];
    return { layer: next?.layer ?? layer, ratio };
  }
  if (along === undefined) return null;
  const measured = curves[index]?.samples.filter((sample) => sample.ratio > 0) ?? [];
  const at = measured.findIndex((sample) => sample.ratio === ratio);
  const next = measured[Math.min(measured.length - 1, Math.max(0, at + along))];
  return { layer, ratio: next?.ratio ?? null };
}
