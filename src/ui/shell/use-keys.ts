/**
 * @file The keys of the whole page: Escape cancels, Space holds or resumes a training when no control has
 * the focus, Ctrl Z undoes and Ctrl Shift Z or Ctrl Y does again, with the command key on a Mac. And what
 * is changed while a key or the pointer is down is one step to undo.
 */
import { useEffect } from "react";
import { useCommands, useWorkbench } from "../../state/index.ts";

export function useKeys(): void {
  const { training } = useWorkbench();
  const { cancel, pauseTraining, undo, redo, holdHistory, releaseHistory } = useCommands();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return;
      const step = isTextField(event.target) ? null : stepOf(event);
      if (step !== null) {
        event.preventDefault();
        if (step === "undo") undo();
        else redo();
        return;
      }
      if (event.key === "Escape" && !isInPopup(event.target)) cancel();
      const { status } = training.getState();
      const isFree = event.target === document.body;
      if (event.key !== " " || !isFree || (status !== "running" && status !== "paused")) return;
      event.preventDefault();
      void pauseTraining(status === "running");
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
    window.addEventListener("blur", releaseHistory, { signal });
    return () => ends.abort();
  }, [cancel, pauseTraining, undo, redo, holdHistory, releaseHistory, training]);
}

function stepOf({
  key,
  ctrlKey,
  metaKey,
  shiftKey,
  altKey,
}: KeyboardEvent): "undo" | "redo" | null {
  if (ctrlKey === metaKey || altKey) return null;
  const letter = key.toLowerCase();
  if (letter === "z") return shiftKey ? "redo" : "undo";
  return letter === "y" && !shiftKey ? "redo" : null;
}

/** Text has an undo of its own. */
function isTextField(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement) return true;
  return (
    target instanceof HTMLInputElement && target.type !== "range" && target.type !== "checkbox"
  );
}

/** In an open menu or list Escape closes that. */
function isInPopup(target: EventTarget | null): boolean {
  const popups = '[role="menu"], [role="listbox"], [role="dialog"], [aria-expanded="true"]';
  return target instanceof Element && target.closest(popups) !== null;
}
