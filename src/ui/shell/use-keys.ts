/**
 * @file Listens for the keys of the whole page, as the list of actions has them. A key is left alone where the
 * focus makes something else of it: letters in text, Space on a control, Escape in what it closes. And what
 * is changed while a key or the pointer is down is one step to undo.
 */
import { useEffect } from "react";
import type { Action, Reach } from "../actions/action.ts";
import { isPressed, type Key, type Press } from "../actions/keys.ts";
import { KEYS, listActions } from "../actions/list.ts";

export function useKeys(reach: Reach): void {
  const { holdHistory, releaseHistory } = reach.bench.commands;
  useEffect(() => {
    let held: Action | undefined;
    const letGo = (): void => {
      held?.release?.();
      held = undefined;
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return;
      const ids = idsFor(event);
      if (ids.length === 0) return;
      const { step } = reach.bench.page.getState();
      const action = listActions(reach).find(
        ({ id, why, at = step }) => ids.includes(id) && why === null && at === step,
      );
      if (action === undefined) return;
      event.preventDefault();
      if (action.release === undefined) action.run();
      else if (!event.repeat) {
        letGo();
        held = action;
        action.run();
      }
    };
    const ends = new AbortController();
    const { signal } = ends;
    document.addEventListener("keydown", onKeyDown, { signal });
    // Before any control hears of it.
    for (const down of ["keydown", "pointerdown"]) {
      document.addEventListener(down, holdHistory, { signal, capture: true });
    }
    for (const up of ["keyup", "pointerup", "pointercancel"]) {
      document.addEventListener(up, releaseHistory, { signal });
    }
    // Any key: with two down, nobody knows which of them is meant to last.
    document.addEventListener("keyup", letGo, { signal });
    document.addEventListener("visibilitychange", letGo, { signal });
    window.addEventListener("blur", letGo, { signal });
    window.addEventListener("blur", releaseHistory, { signal });
    return () => {
      letGo();
      ends.abort();
    };
  }, [reach, holdHistory, releaseHistory]);
}

/** The actions that a press may mean where the focus is. */
function idsFor(event: KeyboardEvent): readonly string[] {
  const { target } = event;
  const press: Press = {
    key: event.key,
    ctrlKey: event.ctrlKey,
    metaKey: event.metaKey,
    shiftKey: event.shiftKey,
    altKey: event.altKey,
    altGraph: event.getModifierState("AltGraph"),
  };
  return Object.entries(KEYS).flatMap(([id, keys]) =>
    keys.some((key) => isPressed(key, press) && isHeard(key, target)) ? [id] : [],
  );
}

function isHeard({ key, mod }: Key, target: EventTarget | null): boolean {
  // From anywhere: it writes nothing.
  if (key === "k" && mod === true) return true;
  if (key === " ") return target === document.body;
  if (key === "Escape") return !isInPopup(target);
  if (mod === true) return !isTextField(target);
  return !isTextField(target) && !isInPopup(target) && !(target instanceof HTMLSelectElement);
}

/** Text has letters and an undo of its own. */
function isTextField(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && !WORDLESS.has(target.type);
}

/** Inputs that nothing is written into. */
const WORDLESS: ReadonlySet<string> = new Set(["range", "checkbox", "radio"]);

/** In an open menu or list Escape closes that, and letters choose. */
function isInPopup(target: EventTarget | null): boolean {
  const popups = '[role="menu"], [role="listbox"], [role="dialog"], [aria-expanded="true"]';
  return target instanceof Element && target.closest(popups) !== null;
}
