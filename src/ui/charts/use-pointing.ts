/**
 * @file Which point of a chart is meant: the nearest one to the pointer, or the one that has the focus. A
 * mouse reads by hovering and goes there by a click; a finger reads by its first tap and goes there by its
 * second; arrow keys read and Enter goes there.
 */
import { useRef, useState, type KeyboardEvent, type MouseEvent, type PointerEvent } from "react";
import type { ComparedPoint } from "../../state/index.ts";
import type { Placed } from "./place-points.ts";
import { nearestSpot, nextIndex } from "./scatter.ts";

/** How far a pointer may be from a point that it means, CSS pixels. */
const REACH = 28;

export interface PointingParts {
  readonly placed: readonly Placed[];
  /** The run that is lit elsewhere. */
  readonly lit: number | null;
  readonly onLight: (run: number | null) => void;
  readonly onChoose: (point: ComparedPoint) => void;
}

export function usePointing({ placed, lit, onLight, onChoose }: PointingParts) {
  const [active, setActive] = useState<string | null>(null);
  const [tabbed, setTabbed] = useState<string | null>(null);
  /** Has the focus: what is read while the pointer means nothing. */
  const focused = useRef<string | null>(null);
  /** What was read when the pointer went down: the focus that a tap gives comes before its click. */
  const before = useRef<string | null>(null);
  const find = (id: string | null): Placed | undefined =>
    placed.find(({ point }) => point.id === id);
  const light = (id: string | null): void => {
    setActive(id);
    onLight(find(id)?.point.run ?? null);
  };
  const hover = (event: PointerEvent, one: Placed | null): void => {
    const id = one?.point.id ?? focused.current;
    if (!isTouch(event) && id !== active) light(id);
  };
  const click = (event: MouseEvent): void => {
    const one = pointUnder(event, placed);
    const isRead = one === null || one.point.id === before.current;
    if (isTouch(event) && !isRead) light(one.point.id);
    else if (one !== null) onChoose(one.point);
  };
  const press = (event: KeyboardEvent): void => {
    const index = placed.findIndex(({ point }) => point.id === idAt(event.target));
    const here = placed[index];
    if (here === undefined) return;
    const next = nextIndex(event.key, index, placed.length);
    const isChosen = event.key === "Enter" || event.key === " ";
    if (next === null && !isChosen) return;
    event.preventDefault();
    if (next === null) onChoose(here.point);
    // Points are painted in another order than they are walked in.
    else markOf(event.currentTarget, placed[next]?.point.id)?.focus();
  };
  return {
    /** The point that is read. */
    current: find(active) ?? placed.find(({ point }) => point.run !== null && point.run === lit),
    /** The one that Tab leads to. */
    stop: (find(tabbed) ?? placed[0])?.point.id,
    focus: (id: string): void => {
      focused.current = id;
      setTabbed(id);
      light(id);
    },
    blur: (): void => {
      focused.current = null;
      light(null);
    },
    /** For the element around the drawing. */
    handlers: {
      onPointerMove: (event: PointerEvent) => hover(event, pointUnder(event, placed)),
      onPointerLeave: (event: PointerEvent) => hover(event, null),
      onPointerDown: () => {
        before.current = active;
      },
      onClick: click,
      onKeyDown: press,
    },
  };
}

/** Carries a point's id in the drawing. */
const POINT = "data-point";

function idAt(target: EventTarget): string | null {
  return target instanceof Element
    ? (target.closest(`[${POINT}]`)?.getAttribute(POINT) ?? null)
    : null;
}

/** What a point is drawn as. */
function markOf(drawing: Element, id: string | undefined): SVGElement | undefined {
  const marks = [...drawing.querySelectorAll<SVGElement>(`[${POINT}]`)];
  return marks.find((mark) => mark.getAttribute(POINT) === id);
}

/** The point that the event is on, else the nearest one within reach. */
function pointUnder(event: PointerEvent | MouseEvent, placed: readonly Placed[]): Placed | null {
  const id = idAt(event.target);
  const own = placed.find(({ point }) => point.id === id);
  if (own !== undefined) return own;
  const frame = event.currentTarget.getBoundingClientRect();
  const at = { x: event.clientX - frame.left, y: event.clientY - frame.top };
  const index = nearestSpot(placed, at, REACH);
  return index === null ? null : (placed[index] ?? null);
}

/** A click is a pointer event too, where the browser says so. */
export function isTouch({ nativeEvent }: PointerEvent | MouseEvent): boolean {
  return "pointerType" in nativeEvent && nativeEvent.pointerType === "touch";
}
