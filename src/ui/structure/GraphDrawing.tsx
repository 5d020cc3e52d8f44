/**
 * @file The drawing of a graph: every block in its place, removed channels and blocks in clay. Only what is in
 * sight is drawn, as a network can have hundreds of blocks; a download has all of them. Arrow keys follow the
 * data; it is moved and scaled by hand, wheel and keys, and a block is found by its name.
 */
import { useMemo, useRef, useState, type MouseEvent } from "react";
import type { BlockGraph } from "../../state/index.ts";
import { useSize } from "../parts/use-size.ts";
import { BlockBox, boxId, type Whole } from "./BlockBox.tsx";
import { BlockDetails } from "./BlockDetails.tsx";
import { actOnKey } from "./drawing-keys.ts";
import { GraphBar } from "./GraphBar.tsx";
import { Lines } from "./Lines.tsx";
import type { PlacedBox, PlacedGraph } from "./layout.ts";
import { useSoughtStructure } from "./structure-view.ts";
import { useDrawnPart } from "./use-drawn-part.ts";
import { usePanning } from "./use-panning.ts";
import { useSavedDrawing } from "./use-saved-drawing.ts";
import { useSelectedBlock } from "./use-selected-block.ts";
import { useZoom } from "./use-zoom.ts";
import styles from "./GraphView.module.css";

interface GraphDrawingProps {
  readonly graph: BlockGraph;
  readonly placed: PlacedGraph;
  readonly whole: Whole;
  readonly name: string;
}

/** Below this scale words cannot be read, and are not drawn. */
const READABLE = 0.3;
const ALL = { from: -Infinity, to: Infinity };

export function GraphDrawing({ graph, placed, whole, name }: GraphDrawingProps) {
  const box = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const room = useSize(box);
  const view = useSoughtStructure();
  const zooming = useZoom(box, room, placed);
  const { scale, showWords } = zooming;
  const wasDragged = usePanning(box);
  const part = useDrawnPart(room.height, scale);
  const { isWhole, save } = useSavedDrawing(svg, name);
  const [found, setFound] = useState<ReadonlySet<string>>(new Set());
  const byId = useMemo(() => new Map(placed.boxes.map((one) => [one.id, one])), [placed]);
  const ids = useMemo(() => graph.blocks.map(({ id }) => id), [graph]);
  const [selected, select] = useSelectedBlock({ placed, byId, box, svg });
  const place = selected === null ? -1 : ids.indexOf(selected);
  const pair = graph.blocks[place];
  const onClick = ({ target }: MouseEvent): void => {
    if (wasDragged()) return;
    const hit = target instanceof Element ? target.closest("[data-block]") : null;
    select(hit?.getAttribute("data-block") ?? null);
  };
  /** To one that was looked for, where its words can be read. */
  const goTo = (id: string): void => {
    if (scale < READABLE) showWords();
    select(id);
  };
  const { from, to } = isWhole ? ALL : part;
  const isTiny = scale < READABLE && !isWhole;
  return (
    <div ref={view} className={styles.view}>
      <GraphBar {...{ ids, zooming }} onFind={goTo} onMatches={setFound} onSave={save} />
      <div className={styles.both}>
        <div
          className={styles.scroll}
          ref={box}
          role="listbox"
          aria-label="Layers of the network"
          aria-activedescendant={place < 0 ? undefined : boxId(place)}
          tabIndex={0}
          onScroll={part.onScroll}
          onKeyDown={(event) => actOnKey(event, { placed, selected, select, zooming })}
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
            <Blocks {...{ graph, byId, whole, selected, found, from, to, isTiny }} />
          </svg>
        </div>
        {pair !== undefined && <BlockDetails pair={pair} />}
      </div>
    </div>
  );
}

interface BlocksProps {
  readonly graph: BlockGraph;
  readonly byId: ReadonlyMap<string, PlacedBox>;
  readonly whole: Whole;
  readonly selected: string | null;
  /** What was looked for. */
  readonly found: ReadonlySet<string>;
  /** The part of the drawing that is in sight. */
  readonly from: number;
  readonly to: number;
  /** Too small for words. */
  readonly isTiny: boolean;
}

/** The blocks in sight, and the selected one wherever it is. */
function Blocks({ graph, byId, whole, selected, found, from, to, isTiny }: BlocksProps) {
  return graph.blocks.map((one, index) => {
    const at = byId.get(one.id);
    if (at === undefined) return null;
    const isOut = at.y > to || at.y + at.height < from;
    if (isOut && one.id !== selected) return null;
    return (
      <BlockBox
        key={one.id}
        pair={one}
        box={at}
        index={index}
        total={graph.blocks.length}
        whole={whole}
        isSelected={one.id === selected}
        isFound={found.has(one.id)}
        isTiny={isTiny}
      />
    );
  });
}
