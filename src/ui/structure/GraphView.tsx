/**
 * @file The network as a graph, against what it was made from: every block in its place, removed channels
 * and blocks in clay. Only what is in sight is drawn, as a network can have hundreds of blocks; a
 * download has all of them. Arrow keys follow the data.
 */
import { Button } from "@mantine/core";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from "react";
import { flushSync } from "react-dom";
import { compareBlocks, type BlockGraph, type Session } from "../../state/index.ts";
import { plural } from "../format.ts";
import { download } from "../parts/download.ts";
import { useSize } from "../parts/use-size.ts";
import { BOX_WIDTH, BlockBox, boxHeight, boxId } from "./BlockBox.tsx";
import { BlockDetails } from "./BlockDetails.tsx";
import { Lines } from "./Lines.tsx";
import type { LayoutOrder, PlacedGraph } from "./layout.ts";
import { svgText } from "./svg-text.ts";
import { useLayout } from "./use-layout.ts";
import { neighbour, type Way } from "./walk.ts";
import styles from "./GraphView.module.css";

interface GraphViewProps {
  readonly session: Session;
  /** What it was made from; null when there is nothing to compare. */
  readonly former: Session | null;
}

const WAYS: Readonly<Record<string, Way>> = {
  ArrowDown: "down",
  ArrowUp: "up",
  ArrowLeft: "left",
  ArrowRight: "right",
};

export default function GraphView({ session, former }: GraphViewProps) {
  const graph = useMemo(
    () => compareBlocks(session.network, former?.network ?? null),
    [session, former],
  );
  const order = useMemo<LayoutOrder>(
    () => ({
      boxes: graph.blocks.map((pair) => ({
        id: pair.id,
        width: BOX_WIDTH,
        height: boxHeight(pair),
      })),
      edges: graph.edges,
    }),
    [graph],
  );
  const placed = useLayout(order);
  if (placed === undefined) return <p className={styles.waiting}>Placing the blocks …</p>;
  if (placed === null) {
    return (
      <p className={styles.waiting} role="alert">
        The graph could not be laid out here; the list has the same layers.
      </p>
    );
  }
  return <Drawing key={session.key} graph={graph} placed={placed} name={session.name} />;
}

interface DrawingProps {
  readonly graph: BlockGraph;
  readonly placed: PlacedGraph;
  readonly name: string;
}

/** Steps of the window of what is drawn, in pixels of the drawing. */
const STEP = 400;
const SCALES = [0.25, 0.35, 0.5, 0.7, 1, 1.4] as const;

function Drawing({ graph, placed, name }: DrawingProps) {
  const box = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const { width, height } = useSize(box);
  const [chosen, setScale] = useState<number | null>(null);
  const [top, setTop] = useState(0);
  const [isWhole, setIsWhole] = useState(false);
  const [selected, setSelected] = useState<string | null>(null);
  const scale = chosen ?? fit(width, placed.width);
  const from = isWhole ? -Infinity : (top - STEP) / scale;
  const to = isWhole ? Infinity : (top + height + STEP) / scale;
  const byId = useMemo(() => new Map(placed.boxes.map((one) => [one.id, one])), [placed]);
  const place = graph.blocks.findIndex(({ id }) => id === selected);
  const pair = graph.blocks[place];

  useEffect(() => {
    const at = selected === null ? undefined : byId.get(selected);
    if (at === undefined || box.current === null) return;
    bringIntoSight(box.current, at, scale);
  }, [selected, byId, scale]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const isOther = event.altKey || event.ctrlKey || event.metaKey;
    const way = isOther ? undefined : WAYS[event.key];
    if (way === undefined) {
      if (event.key === "Escape") setSelected(null);
      return;
    }
    event.preventDefault();
    setSelected(neighbour(placed, selected, way));
  };
  const onClick = ({ target }: MouseEvent): void => {
    const hit = target instanceof Element ? target.closest("[data-block]") : null;
    setSelected(hit?.getAttribute("data-block") ?? null);
  };
  const save = (): void => {
    // What is downloaded has every block, also those that are out of sight.
    flushSync(() => setIsWhole(true));
    try {
      if (svg.current === null) return;
      const bytes = new TextEncoder().encode(svgText(svg.current));
      download({ name: `${name}-structure.svg`, bytes });
    } finally {
      setIsWhole(false);
    }
  };
  const zoom = (by: 1 | -1): void => setScale(nextScale(scale, by));
  return (
    <div className={styles.view}>
      <div className={styles.bar}>
        <p className="quiet">
          {plural(graph.blocks.length, "block")}; arrow keys follow the data, a click tells all of a
          block
        </p>
        <Button size="compact-xs" aria-label="Smaller" onClick={() => zoom(-1)}>
          −
        </Button>
        <Button size="compact-xs" aria-label="Larger" onClick={() => zoom(1)}>
          +
        </Button>
        <Button size="compact-xs" onClick={() => setScale(null)}>
          Fit
        </Button>
        <Button size="compact-xs" onClick={save}>
          SVG
        </Button>
      </div>
      <div className={styles.both}>
        <div
          className={styles.scroll}
          ref={box}
          role="listbox"
          aria-label="Blocks of the network"
          aria-activedescendant={place < 0 ? undefined : boxId(place)}
          tabIndex={0}
          onScroll={({ currentTarget }) =>
            setTop(Math.floor(currentTarget.scrollTop / (STEP / 2)) * (STEP / 2))
          }
          onKeyDown={onKeyDown}
          onClick={onClick}
        >
          <svg
            ref={svg}
            role="presentation"
            className={styles.drawing}
            width={placed.width * scale}
            height={placed.height * scale}
            viewBox={`0 0 ${placed.width} ${placed.height}`}
          >
            <Lines graph={graph} placed={placed} from={from} to={to} />
            {graph.blocks.map((one, index) => {
              const at = byId.get(one.id);
              const isOut = at === undefined || at.y > to || at.y + at.height < from;
              if (isOut && one.id !== selected) return null;
              if (at === undefined) return null;
              return (
                <BlockBox
                  key={one.id}
                  pair={one}
                  box={at}
                  index={index}
                  total={graph.blocks.length}
                  isSelected={one.id === selected}
                />
              );
            })}
          </svg>
        </div>
        {pair !== undefined && <BlockDetails pair={pair} />}
      </div>
    </div>
  );
}

/** As large as it is drawn, or as wide as there is room. */
function fit(room: number, wanted: number): number {
  if (room === 0 || wanted === 0) return 1;
  return Math.min(1, Math.max(0.25, room / wanted));
}

function nextScale(scale: number, by: 1 | -1): number {
  const next =
    by > 0
      ? SCALES.find((one) => one > scale + 1e-6)
      : SCALES.findLast((one) => one < scale - 1e-6);
  return next ?? scale;
}

function bringIntoSight(
  box: HTMLElement,
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  scale: number,
): void {
  const margin = 24;
  const [top, bottom] = [y * scale - margin, (y + height) * scale + margin];
  const [left, right] = [x * scale - margin, (x + width) * scale + margin];
  if (top < box.scrollTop) box.scrollTop = top;
  else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
  if (left < box.scrollLeft) box.scrollLeft = left;
  else if (right > box.scrollLeft + box.clientWidth) box.scrollLeft = right - box.clientWidth;
}
