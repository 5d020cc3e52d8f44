/**
 * @file Where the keyboard goes when what it was on vanishes, by its own press or by itself: from a dialog back to what
 * opened it, else to the place that what is around names for it (`data-home`, an element's id), to what is around and
 * can have the focus, or to the step. Otherwise a person who does not see the page would be at its very beginning.
 * Lists that know the next entry go there themselves; this waits for them.
 */
import { useEffect } from "react";

/** As long as menus and lists take to give the focus back by themselves, ms. */
const OWN_MS = 60;

const DIALOG = '[role="dialog"]';

/** The step: there always. */
export const STEP_PANEL = "step-panel";

export function useKeptFocus(): void {
  useEffect(() => watchFocus(), []);
}

/** @returns watches no more */
export function watchFocus(): () => void {
  let last: HTMLElement | null = null;
  let around: readonly HTMLElement[] = [];
  let isByKey = false;
  /** What had the focus before each dialog. */
  const openers = new WeakMap<Element, HTMLElement>();
  let timer = 0;
  const openerOf = (element: Element): HTMLElement | undefined => {
    const dialog = element.closest(DIALOG);
    return dialog === null ? undefined : openers.get(dialog);
  };
  const look = (): void => {
    timer = 0;
    if (last === null || !isNowhere(last)) return;
    if (isThere(last)) {
      // Somebody has pressed where nothing is; a window that is left keeps its place.
      if (document.hasFocus()) last = null;
      return;
    }
    const opener = openerOf(last);
    // Whoever has pressed with a pointer looks at something else by now.
    const place = opener !== undefined && isThere(opener) ? opener : homeOf(around);
    place?.focus({ preventScroll: !isByKey });
  };
  const lookSoon = (): void => {
    if (last !== null && timer === 0) timer = window.setTimeout(look, OWN_MS);
  };
  const arrive = ({ target }: FocusEvent): void => {
    if (!(target instanceof HTMLElement || target instanceof SVGElement)) return;
    const dialog = target.closest(DIALOG);
    if (dialog !== null && last !== null && last.closest(DIALOG) !== dialog) {
      // One that takes another's place, as the keys take the palette's, was opened from where that one was; one that
      // another has stood over keeps its own.
      const opener = last.isConnected ? last : (openers.get(dialog) ?? openerOf(last));
      if (opener !== undefined) openers.set(dialog, opener);
    }
    last = target as HTMLElement;
    around = ancestorsOf(last);
    isByKey = last.matches(":focus-visible");
  };
  const changes = new MutationObserver(lookSoon);
  // Few of these come in a drag, and none of them asks for a layout.
  changes.observe(document.body, {
    subtree: true,
    childList: true,
    attributeFilter: ["disabled", "hidden"],
  });
  document.addEventListener("focusin", arrive);
  document.addEventListener("focusout", lookSoon);
  return () => {
    changes.disconnect();
    clearTimeout(timer);
    document.removeEventListener("focusin", arrive);
    document.removeEventListener("focusout", lookSoon);
  };
}

function ancestorsOf(element: Element): readonly HTMLElement[] {
  const found: HTMLElement[] = [];
  for (let one = element.parentElement; one !== null; one = one.parentElement) found.push(one);
  return found;
}

/** Nothing has the focus; by now the browser has taken it from what is hidden, and asking that would be dear. */
function isNowhere(last: HTMLElement): boolean {
  const { activeElement } = document;
  if (activeElement === last) return last.matches(":disabled");
  return activeElement === null || activeElement === document.body;
}

function isThere(element: HTMLElement): boolean {
  return element.isConnected && !element.matches(":disabled") && element.checkVisibility();
}

function homeOf(around: readonly HTMLElement[]): HTMLElement | null {
  for (const one of around) {
    if (!one.isConnected) continue;
    const named = document.getElementById(one.dataset["home"] ?? "");
    if (named !== null && isThere(named)) return named;
    if (one.hasAttribute("tabindex") && isThere(one)) return one;
  }
  return document.getElementById(STEP_PANEL);
}
