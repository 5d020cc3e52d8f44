/**
 * @file What can be done to a row of the sheet, by pointer, keyboard or finger. One thing is open at a
 * time, over the rows; a finger looks into the channel that it taps, and elsewhere opens the row's menu.
 */
import {
  useState,
  type Dispatch,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type SetStateAction,
} from "react";
import { useCommands, useWorkbench, type Layer } from "../../state/index.ts";
import { announce } from "../parts/announce.ts";
import { useIsCoarse } from "../parts/use-media.ts";
import { useLater } from "../parts/use-later.ts";
import type { RowTool } from "./LayerRow.tsx";

/** What is open over a row. */
export interface OpenTool {
  readonly index: number;
  readonly kind: "count" | "details" | "guard" | "refused";
  /** Why it was refused. */
  readonly text?: string;
}

export interface RowTools {
  readonly open: OpenTool | null;
  /** Closes what is open; the keyboard goes back to the rows. */
  close(): void;
  /** @param tapped — the rank of the channel under a finger, if there is one */
  onClick(event: MouseEvent, tapped: number | null): void;
  /** The guard's mark says why as soon as a pointer is on it. */
  onPointerOver(event: PointerEvent): void;
  onPointerLeave(): void;
  /** The pointer is on what the mark says, or has left it. */
  onWords(isThere: boolean): void;
  onKeyDown(event: KeyboardEvent): void;
}

interface RowToolsParts {
  readonly layers: readonly Layer[];
  readonly rows: { readonly current: HTMLElement | null };
}

/** Keys on the highlighted row. */
const KEYS: Readonly<Record<string, RowTool>> = {
  Enter: "count",
  k: "count",
  l: "lock",
  d: "details",
  Backspace: "back",
  Delete: "back",
};

const TOOLS: readonly string[] = [
  "count",
  "lock",
  "details",
  "guard",
  "back",
] satisfies readonly RowTool[];

function isTool(name: string | undefined): name is RowTool {
  return name !== undefined && TOOLS.includes(name);
}

/** What a tool has made of a layer. */
function doneWords(tool: "lock" | "back", { isLocked }: Layer): string {
  if (tool === "back") return "given back to the method";
  return isLocked ? "unlocked" : "locked";
}

/** What the guard's mark says comes when a pointer is on it and goes with it; its words may be gone over to. */
function useGuardWords(
  open: OpenTool | null,
  setOpen: Dispatch<SetStateAction<OpenTool | null>>,
): Pick<RowTools, "onPointerOver" | "onPointerLeave" | "onWords"> {
  const { now, later } = useLater((isOpen) => {
    if (!isOpen) setOpen((last) => (last?.kind === "guard" ? null : last));
  });
  return {
    onPointerOver: ({ target, pointerType }) => {
      if (pointerType !== "mouse" || (open !== null && open.kind !== "guard")) return;
      const mark = target instanceof Element ? target.closest('[data-tool="guard"]') : null;
      const row = mark?.closest<HTMLElement>("[data-index]");
      if (row) {
        now(true);
        setOpen({ index: Number(row.dataset["index"]), kind: "guard" });
      } else if (open !== null) later(false);
    },
    onPointerLeave: () => later(false),
    onWords: (isThere) => (isThere ? now(true) : later(false)),
  };
}

export function useRowTools({ layers, rows }: RowToolsParts): RowTools {
  const { slider } = useWorkbench();
  const { toggleLock, giveBack, hover, inspect } = useCommands();
  const isCoarse = useIsCoarse();
  const [open, setOpen] = useState<OpenTool | null>(null);
  const guardWords = useGuardWords(open, setOpen);
  const act = (index: number, tool: RowTool): void => {
    const layer = layers[index];
    if (layer === undefined) return;
    hover(index);
    if (tool === "lock" || tool === "back") {
      const text = tool === "lock" ? toggleLock(layer.name) : giveBack(layer.name);
      if (text === null) announce("row", `${layer.name} is ${doneWords(tool, layer)}.`);
      setOpen(text === null ? null : { index, kind: "refused", text });
    } else if (tool !== "count" || !layer.isLocked) setOpen({ index, kind: tool });
  };
  /** Looks into the channel that is pointed at. @returns false where none is */
  const look = (index: number): boolean => {
    const { pointed, hovered } = slider.getState();
    if (pointed === null || hovered !== index) return false;
    inspect(index, pointed);
    return true;
  };
  return {
    // Rows may have gone with another method.
    open: open !== null && open.index < layers.length ? open : null,
    close: () => {
      setOpen(null);
      // Words that came with the pointer never had the keyboard.
      if (open?.kind === "guard") return;
      rows.current?.focus({ preventScroll: true });
      if (open !== null) hover(open.index);
    },
    onClick: ({ target }, tapped) => {
      if (!(target instanceof Element)) return;
      const row = target.closest<HTMLElement>("[data-index]");
      const tool = target.closest<HTMLElement>("[data-tool]")?.dataset["tool"];
      if (row === null) return;
      const index = Number(row.dataset["index"]);
      if (isCoarse && tapped !== null) inspect(index, tapped);
      else if (isCoarse) act(index, "details");
      else if (isTool(tool)) act(index, tool);
      else look(index);
    },
    ...guardWords,
    onKeyDown: (event) => {
      const tool = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      const index = slider.getState().hovered;
      const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
      if (tool === undefined || index === null || !isPlain) return;
      event.preventDefault();
      if (event.key !== "Enter" || !look(index)) act(index, tool);
      // It is there already where another channel was looked into before.
      else document.querySelector<HTMLElement>("[data-panel-title]")?.focus();
    },
  };
}
