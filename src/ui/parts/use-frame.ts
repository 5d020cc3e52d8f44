/**
 * @file Drawing outside of React: a painter that follows stores, at most once per frame. Only
 * drawing waits for a frame, so nothing stands still in a hidden tab but what nobody sees.
 */
import { useEffect, useRef } from "react";

interface Followed {
  subscribe(listener: () => void): () => void;
}

/**
 * Words and figures change faster than they can be read, and each costs a layout: they take turns, half of them
 * in one frame and half in the next. What an eye follows, a picture or a thumb, has no turn and moves in every frame.
 */
export type Turn = "even" | "odd";

/** Who paints next, and in which frames only. All share one callback: as many cost more than most of them paint. */
const due = new Map<() => void, Turn | undefined>();

/** What was put off until the next frame, by its owner: the newest of each is done, before anybody paints. */
const putOff = new Map<object, () => void>();

let isAwaited = false;
let turn: Turn = "even";

function paintDue(): void {
  for (const owner of putOff.keys()) actNow(owner);
  isAwaited = false;
  turn = turn === "even" ? "odd" : "even";
  const painters = [...due].filter(([, own]) => own === undefined || own === turn);
  for (const [paint] of painters) due.delete(paint);
  for (const [paint] of painters) guarded(paint);
  if (due.size > 0) awaitFrame();
}

/** The others still paint. */
function guarded(act: () => void): void {
  try {
    act();
  } catch (error) {
    reportError(error);
  }
}

function awaitFrame(): void {
  if (!isAwaited) requestAnimationFrame(paintDue);
  isAwaited = true;
}

function paintSoon(paint: () => void, own: Turn | undefined): void {
  awaitFrame();
  due.set(paint, own);
}

/**
 * Does `act` at the next frame's begin, in the place of what its owner has put off before: a mouse reports
 * more moves than there are frames.
 */
export function actInFrame(owner: object, act: () => void): void {
  awaitFrame();
  putOff.set(owner, act);
}

/** Does at once what its owner has put off, if anything. */
export function actNow(owner: object): void {
  const act = putOff.get(owner);
  putOff.delete(owner);
  if (act !== undefined) guarded(act);
}

/**
 * Calls `paint` after each render of the component and once in the frame after any store has changed.
 * @param own — its turn: then it may be the frame after that
 * @returns asks for another frame, such as after a scroll
 */
export function useFrame(stores: readonly Followed[], paint: () => void, own?: Turn): () => void {
  const latest = useRef(paint);
  const once = useRef(() => latest.current());
  const ask = useRef(() => paintSoon(once.current, own));
  useEffect(() => {
    latest.current = paint;
    // Not in a frame: the first paint must be there with the DOM, hidden tab or not.
    paint();
  });
  useEffect(() => {
    const painter = once.current;
    const stops = stores.map((store) => store.subscribe(ask.current));
    // A canvas does not know that the theme has changed.
    const theme = new MutationObserver(ask.current);
    theme.observe(document.documentElement, { attributeFilter: ["data-mantine-color-scheme"] });
    return () => {
      theme.disconnect();
      for (const stop of stops) stop();
      due.delete(painter);
    };
    // The stores live as long as the workbench.
    // eslint-disable-next-line react/exhaustive-deps
  }, []);
  return ask.current;
}

/**
 * Sets the words of an element that has nothing else, only when they differ, which spares a layout, and in
 * the text node that is there, which spares the element's style.
 */
export function setText(element: Element | null | undefined, text: string): void {
  if (!element) return;
  const { firstChild } = element;
  if (text !== "" && firstChild instanceof Text && firstChild.nextSibling === null) {
    if (firstChild.data !== text) firstChild.data = text;
  } else if (element.textContent !== text) element.textContent = text;
}
