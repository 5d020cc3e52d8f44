/**
 * @file What pointer, wheel and keyboard do on the sheet's rows: they move the highlight, fold stages, grow a
 * row, and whatever else is done to a row goes to its tools.
 */
import {
  useRef,
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
} from "react";
import { isFolded, rowAt } from "../charts/row-layout.ts";
import type { SheetModel } from "./sheet-scene.ts";
import type { Folds } from "./use-folds.ts";
import type { Pointing } from "./use-pointing.ts";
import type { RowTools } from "./use-row-tools.ts";
import { useZoomWheel } from "./use-zoom-wheel.ts";
import type { Zoom } from "./use-zoom.ts";

export interface RowEventsParts {
  readonly rowsBox: { readonly current: HTMLElement | null };
  readonly model: SheetModel;
  readonly folds: Folds;
  readonly zoom: Zoom;
  readonly pointing: Pointing;
  readonly tools: RowTools;
  /** What Escape does on the rows, if anything of theirs. */
  readonly onEscape: (() => void) | undefined;
}

/** What the rows' element listens to. */
export interface RowListeners {
  readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerOver: (event: PointerEvent) => void;
  readonly onPointerLeave: (event: PointerEvent) => void;
  readonly onBlur: (event: FocusEvent) => void;
  readonly onClick: (event: MouseEvent<HTMLElement>) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

export interface RowEvents {
  readonly listeners: RowListeners;
  /** The pointer or the focus has gone from the rows, or from what stands over them. */
  readonly leave: (to: EventTarget | null) => void;
  /** Whether the highlight was moved by a key. */
  readonly isByKey: { readonly current: boolean };
}

export function useRowEvents(parts: RowEventsParts): RowEvents {
  const { rowsBox, model, zoom, pointing, tools } = parts;
  const { rows } = model;
  useZoomWheel(rowsBox, (by, y) => {
    const row = rows.rows[rowAt(rows, y) ?? -1];
    if (by < 0) zoom.shrink();
    else if (row !== undefined && !isFolded(row)) zoom.grow(row.first);
  });
  /** What stands over the rows is still about its row, and so are its menu and a handle that has the focus. */
  const leave = (to: EventTarget | null): void => {
    const body = rowsBox.current?.parentElement;
    const isOver = to instanceof Node && body?.contains(to) === true;
    const isHeld = body?.querySelector("[data-held]:focus-visible") ?? null;
    const isAsked = tools.open?.kind === "details";
    if (!isOver && isHeld === null && !isAsked) pointing.point(null);
  };
  const isByKey = useRef(false);
  const listeners: RowListeners = {
    onPointerMove: (event) => {
      isByKey.current = false;
      pointing.onPointerMove(event);
    },
    onPointerOver: tools.onPointerOver,
    onPointerLeave: (event) => {
      leave(event.relatedTarget);
      tools.onPointerLeave();
    },
    onBlur: (event) => leave(event.relatedTarget),
    onClick: (event) => {
      const stage = stageUnder(event.target);
      if (stage === undefined) tools.onClick(event, pointing.rankUnder(event));
      else fold(parts, stage);
    },
    onKeyDown: (event) => {
      isByKey.current = true;
      actOnKey(parts, event);
    },
  };
  return { listeners, leave, isByKey };
}

/** The stage that a press folds, or unfolds; undefined where it is about something else. */
function stageUnder(target: EventTarget): number | undefined {
  if (!(target instanceof Element)) return undefined;
  const label = target.closest<HTMLElement>("[data-fold]");
  const folded = target.closest<HTMLElement>('[data-folded="true"]');
  const stage = label?.dataset["fold"] ?? folded?.dataset["stage"];
  return stage === undefined ? undefined : Number(stage);
}

/** Folds a stage or unfolds it; the highlight stays with it. */
function fold({ folds, pointing }: RowEventsParts, stage: number): void {
  if (!folds.canFold(stage)) return;
  folds.toggle(stage);
  if (folds.folded.has(stage)) pointing.pointAtLayer(folds.stages[stage]?.first ?? 0);
  else pointing.pointAtStage(stage);
}

function actOnKey(parts: RowEventsParts, event: KeyboardEvent): void {
  const { model, zoom, pointing, tools, onEscape } = parts;
  if (event.key === "Escape" && (onEscape !== undefined || zoom.layer !== null)) {
    // Nothing else is to be cancelled by it.
    event.preventDefault();
    if (onEscape === undefined) zoom.shrink();
    else onEscape();
    return;
  }
  if (pointing.onKeyDown(event)) return;
  const row = model.rows.rows[pointing.row()];
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
  const unfolds = row !== undefined && isFolded(row) && event.key === "Enter";
  if (row !== undefined && isPlain && (unfolds || event.key.toLowerCase() === "f")) {
    event.preventDefault();
    fold(parts, row.stage);
  } else if (row !== undefined && isPlain && event.key.toLowerCase() === "z") {
    event.preventDefault();
    if (!isFolded(row)) zoom.toggle(row.first);
  } else tools.onKeyDown(event);
}
