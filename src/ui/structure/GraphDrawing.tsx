/**
 * @file The drawing of a graph: every block in its place, removed channels and blocks in clay. Only what is in
 * sight is drawn, as a network can have hundreds of blocks; a download has all of them. Arrow keys follow the
 * data; it is moved and scaled by hand, wheel and keys, and a block is found by its name.
 */
import { Button } from "@mantine/core";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from "react";
import { flushSync } from "react-dom";
import type { BlockGraph } from "../../state/index.ts";
import { percent, plural } from "../format.ts";
import { named } from "../parts/named.ts";
import { download } from "../parts/download.ts";
import { useSize } from "../parts/use-size.ts";
import { BlockBox, boxId, type Whole } from "./BlockBox.tsx";
import { BlockDetails } from "./BlockDetails.tsx";
import { FindBlock } from "./FindBlock.tsx";
import { Lines } from "./Lines.tsx";
import type { PlacedGraph } from "./layout.ts";
import { svgText } from "./svg-text.ts";
import { usePanning } from "./use-panning.ts";
import { useZoom } from "./use-zoom.ts";
import { neighbour, type Way } from "./walk.ts";
import styles from "./GraphView.module.css";

const WAYS: Readonly<Record<string, Way>> = {
  ArrowDown: "down",
  ArrowUp: "up",
  ArrowLeft: "left",
  ArrowRight: "right",
};

interface GraphDrawingProps {
  readonly graph: BlockGraph;
  readonly placed: PlacedGraph;
  readonly whole: Whole;
  readonly name: string;
}

/** Steps of the window of what is drawn, in pixels of the screen. */
const STEP = 400;
/** Below this scale words cannot be read, and are not drawn. */
const READABLE = 0.3;

export function GraphDrawing({ graph, placed, whole, name }: GraphDrawingProps) {
  const box = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const room = useSize(box);
  const { scale, zoom, showWhole, showWords } = useZoom(box, room, placed);
  const wasDragged = usePanning(box);
  const [top, setTop] = useState(0);
  const [isWhole, setIsWhole] = useState(false);
  const [selected, setSelected] = useState<string | null>(null);
  const [found, setFound] = useState<ReadonlySet<string>>(new Set());
  const from = isWhole ? -Infinity : (top - STEP) / scale;
  const to = isWhole ? Infinity : (top + room.height + STEP) / scale;
  const byId = useMemo(() => new Map(placed.boxes.map((one) => [one.id, one])), [placed]);
  const ids = useMemo(() => graph.blocks.map(({ id }) => id), [graph]);
  const place = selected === null ? -1 : ids.indexOf(selected);
  const pair = graph.blocks[place];

  // A block that is walked to, or found, is brought into sight; a scale that changes moves nothing by itself.
  useEffect(() => {
    const at = selected === null ? undefined : byId.get(selected);
    if (at === undefined || box.current === null) return;
    bringIntoSight(box.current, at, svg.current?.clientWidth ?? 0, placed.width);
  }, [selected, byId, placed]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const way = WAYS[event.key];
    if (way !== undefined) setSelected(neighbour(placed, selected, way));
    else if (event.key === "+" || event.key === "=") zoom(1.25);
    else if (event.key === "-" || event.key === "\u2212") zoom(0.8);
    else if (event.key === "0") showWhole();
    else {
      if (event.key === "Escape") setSelected(null);
      return;
    }
    event.preventDefault();
  };
  const onClick = ({ target }: MouseEvent): void => {
    if (wasDragged()) return;
    const hit = target instanceof Element ? target.closest("[data-block]") : null;
    setSelected(hit?.getAttribute("data-block") ?? null);
  };
  /** To one that was looked for, where its words can be read. */
  const goTo = (id: string): void => {
    if (scale < READABLE) showWords();
    setSelected(id);
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
  return (
    <div className={styles.view}>
      <div className={styles.bar}>
        <FindBlock ids={ids} onFind={goTo} onMatches={setFound} />
        <p className="quiet">
          {plural(ids.length, "layer")}
          <span className={styles.hint}>
            ; arrow keys follow the data, a click tells all of a layer
          </span>
        </p>
        <Button size="compact-xs" {...named("Smaller", "−")} onClick={() => zoom(0.8)}>
          −
        </Button>
        <span className={styles.scale}>{percent(scale, scale < 0.1 ? 1 : 0)}</span>
        <Button size="compact-xs" {...named("Larger", "+")} onClick={() => zoom(1.25)}>
          +
        </Button>
        <Button size="compact-xs" title="All of it (0)" onClick={showWhole}>
          Fit
        </Button>
        <Button size="compact-xs" title="Save the drawing" onClick={save}>
          SVG
        </Button>
      </div>
      <div className={styles.both}>
        <div
          className={styles.scroll}
          ref={box}
          role="listbox"
          aria-label="Layers of the network"
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
                  total={ids.length}
                  whole={whole}
                  isSelected={one.id === selected}
                  isFound={found.has(one.id)}
                  isTiny={scale < READABLE && !isWhole}
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

function bringIntoSight(
  box: HTMLElement,
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  drawn: number,
  whole: number,
): void {
  const [margin, scale] = [24, drawn / whole];
  const [top, bottom] = [y * scale - margin, (y + height) * scale + margin];
  const [left, right] = [x * scale - margin, (x + width) * scale + margin];
  if (top < box.scrollTop) box.scrollTop = top;
  else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
  if (left < box.scrollLeft) box.scrollLeft = left;
  else if (right > box.scrollLeft + box.clientWidth) box.scrollLeft = right - box.clientWidth;
}
