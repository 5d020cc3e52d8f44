/**
 * @file Accuracy against cost: every run and every measured position of the slider, with the front that no
 * network beats in both. The nearest point answers to the pointer, arrow keys go from point to point; a
 * click or Enter brings back what it stands for.
 */
import { useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import type { ComparedPoint, CostAxis } from "../../state/index.ts";
import { percentValue } from "../format.ts";
import { useSize } from "../parts/use-size.ts";
import styles from "./CostChart.module.css";
import { axisTitle, axisValue, pointSpoken } from "./cost-words.ts";
import { PointTip } from "./PointTip.tsx";
import {
  accuracyRange,
  frontPath,
  makeScale,
  nearestSpot,
  nextIndex,
  placeLabels,
  type Scale,
} from "./scatter.ts";

interface CostChartProps {
  readonly points: readonly ComparedPoint[];
  readonly front: readonly ComparedPoint[];
  readonly axis: CostAxis;
  /** The run on the page. */
  readonly shownRun: number;
  /** The run that is lit elsewhere. */
  readonly lit: number | null;
  readonly onLight: (run: number | null) => void;
  readonly onChoose: (point: ComparedPoint) => void;
}

const HEIGHT = 320;
const MARGIN = { top: 30, right: 20, bottom: 44, left: 44 };
/** How far a pointer may be from a point that it means. */
const REACH = 28;

/** A point with its place; sorted from left to right. */
export interface Placed {
  readonly point: ComparedPoint;
  readonly x: number;
  readonly y: number;
  /** Stands at the foot of the axis, as it lies below. */
  readonly isBelow: boolean;
  readonly isFront: boolean;
}

export function CostChart(props: CostChartProps) {
  const { points, front, axis, shownRun, lit, onLight, onChoose } = props;
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const [active, setActive] = useState<string | null>(null);
  const [tabbed, setTabbed] = useState<string | null>(null);
  const drawing = useMemo(() => draw(points, front, axis, width), [points, front, axis, width]);
  const { placed, x, y } = drawing;
  const activeOne =
    placed.find(({ point }) => point.id === active) ??
    placed.find(({ point }) => point.run !== null && point.run === lit);

  const light = (id: string | null): void => {
    setActive(id);
    onLight(placed.find(({ point }) => point.id === id)?.point.run ?? null);
  };
  const under = ({ clientX, clientY, target }: PointerEvent | React.MouseEvent): Placed | null => {
    const element = target instanceof Element ? target.closest("[data-point]") : null;
    const own = placed.find(({ point }) => point.id === element?.getAttribute("data-point"));
    const frame = box.current?.getBoundingClientRect();
    if (own !== undefined || frame === undefined) return own ?? null;
    const at = { x: clientX - frame.left, y: clientY - frame.top };
    const index = nearestSpot(placed, at, REACH);
    return index === null ? null : (placed[index] ?? null);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const id = event.target instanceof Element ? event.target.getAttribute("data-point") : null;
    const index = placed.findIndex(({ point }) => point.id === id);
    const here = placed[index];
    if ((event.key === "Enter" || event.key === " ") && here !== undefined) {
      event.preventDefault();
      onChoose(here.point);
    }
    const next = nextIndex(event.key, index, placed.length);
    if (here === undefined || next === null) return;
    event.preventDefault();
    box.current?.querySelectorAll<SVGElement>("[data-point]")[next]?.focus();
  };
  const stop = placed.some(({ point }) => point.id === tabbed) ? tabbed : placed[0]?.point.id;

  return (
    <div
      ref={box}
      role="toolbar"
      tabIndex={-1}
      className={styles.chart}
      style={{ height: HEIGHT }}
      aria-label={`Points: ${placed.length}, from left to right by arrow keys`}
      onPointerMove={(event) => light(under(event)?.point.id ?? null)}
      onPointerLeave={() => light(null)}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        const found = under(event);
        if (found !== null) onChoose(found.point);
      }}
    >
      {width > 0 && (
        <svg width={width} height={HEIGHT} data-pointing={activeOne !== undefined}>
          <Axes x={x} y={y} axis={axis} width={width} />
          <BaseLine placed={placed} width={width} />
          <path className={styles.front} d={drawing.path} />
          {placed.map((one) => (
            <g
              key={one.point.id}
              role="button"
              tabIndex={one.point.id === stop ? 0 : -1}
              data-point={one.point.id}
              aria-label={pointSpoken(one.point, one.isFront)}
              className={styles.point}
              transform={`translate(${one.x} ${one.y})`}
              onFocus={() => {
                setTabbed(one.point.id);
                light(one.point.id);
              }}
              onBlur={() => light(null)}
            >
              <Mark one={one} isLit={one === activeOne} isShown={one.point.run === shownRun} />
            </g>
          ))}
          {drawing.labels.map(({ text, x: left, y: top, anchor }) => (
            <text
              key={`${text} ${left}`}
              x={left}
              y={top}
              textAnchor={anchor}
              className={styles.name}
            >
              {text}
            </text>
          ))}
        </svg>
      )}
      {activeOne !== undefined && width > 0 && <PointTip placed={activeOne} width={width} />}
    </div>
  );
}

function draw(
  points: readonly ComparedPoint[],
  front: readonly ComparedPoint[],
  axis: CostAxis,
  width: number,
) {
  const most = Math.max(1, ...points.map((point) => point[axis]));
  const ends = [MARGIN.left, Math.max(MARGIN.left + 1, width - MARGIN.right)] as const;
  const x = makeScale([0, most], ends, width < 500 ? 3 : 6);
  const range = points.length === 0 ? ([0, 1] as const) : accuracyRange(points);
  const y = makeScale(range, [HEIGHT - MARGIN.bottom, MARGIN.top], 4);
  const onFront = new Set(front.map(({ id }) => id));
  const place = (point: ComparedPoint): Placed => ({
    point,
    x: Math.round(x.at(point[axis]) * 10) / 10,
    y: Math.round(y.at(Math.max(point.accuracy, y.low)) * 10) / 10,
    isBelow: point.accuracy < y.low,
    isFront: onFront.has(point.id),
  });
  const placed = points.map(place).sort((a, b) => a.x - b.x || b.y - a.y);
  const runs = placed.filter(({ point }) => point.run !== null);
  const important = [...runs].sort(
    (a, b) => Number(b.point.isBaseline) - Number(a.point.isBaseline),
  );
  // What lies below the axis has no height on it.
  const path = frontPath(
    front.map(place).filter(({ isBelow }) => !isBelow),
    ends[1],
  );
  const labels = placeLabels(
    important.map(({ point, x: left, y: top }) => ({ x: left, y: top, text: shortName(point) })),
    ends[1],
  );
  return { placed, x, y, labels, path };
}

function shortName({ name }: ComparedPoint): string {
  return name.length > 24 ? `${name.slice(0, 23)}…` : name;
}

interface AxesProps {
  readonly x: Scale;
  readonly y: Scale;
  readonly axis: CostAxis;
  readonly width: number;
}

function Axes({ x, y, axis, width }: AxesProps) {
  const foot = HEIGHT - MARGIN.bottom;
  const right = width - MARGIN.right;
  return (
    <g aria-hidden="true">
      {y.ticks.map((tick) => (
        <g key={tick} transform={`translate(0 ${y.at(tick)})`}>
          <line x1={MARGIN.left} x2={right} className={styles.grid} />
          <text x={MARGIN.left - 8} y={4} textAnchor="end">
            {percentValue(tick, 1, true)}
          </text>
        </g>
      ))}
      <line x1={MARGIN.left} x2={right} y1={foot} y2={foot} className={styles.axis} />
      {x.ticks.map((tick) => (
        <g key={tick} transform={`translate(${x.at(tick)} ${foot})`}>
          <line y2={4} className={styles.axis} />
          <text y={18} textAnchor="middle">
            {axisValue(tick, x.high)}
          </text>
        </g>
      ))}
      <text x={0} y={12}>
        Accuracy, %
      </text>
      <text x={right} y={HEIGHT - 6} textAnchor="end">
        {axisTitle(axis, x.high)}
      </text>
    </g>
  );
}

/** The baseline's accuracy, at half strength. */
function BaseLine({
  placed,
  width,
}: {
  readonly placed: readonly Placed[];
  readonly width: number;
}) {
  const base = placed.find(({ point }) => point.isBaseline);
  if (base === undefined) return null;
  const { y } = base;
  return (
    <line
      x1={MARGIN.left}
      x2={width - MARGIN.right}
      y1={y}
      y2={y}
      className={styles.base}
      aria-hidden="true"
    />
  );
}

interface MarkProps {
  readonly one: Placed;
  readonly isLit: boolean;
  readonly isShown: boolean;
}

/** Runs are filled and green on the front, positions hollow; the baseline has a ring of its own. */
function Mark({ one, isLit, isShown }: MarkProps) {
  const { point, isBelow, isFront } = one;
  const isRun = point.run !== null;
  return (
    <>
      {point.isBaseline && <circle r={9} className={styles.ring} />}
      {isLit && <circle r={isRun ? 12.5 : 9} className={styles.halo} />}
      <circle
        r={isRun ? 5.5 : 3.5}
        className={isRun ? styles.run : styles.position}
        data-front={isFront}
        data-shown={isShown}
        data-below={isBelow}
        data-loose={!point.isComparable}
      />
    </>
  );
}
