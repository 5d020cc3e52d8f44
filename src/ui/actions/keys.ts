/**
 * @file Keys as data: which press is meant, and how it is written for people. What each does stands in
 * `actions.ts`; who listens, in `use-keys.ts`.
 */

/** One press. */
export interface Key {
  /** As the browser names it; letters small. */
  readonly key: string;
  /** With Ctrl, or with the command key on a Mac. */
  readonly mod?: true;
  /** With Shift; only asked of keys with `mod`, since others are written with it or without. */
  readonly shift?: boolean;
}

/** What of a keyboard event counts. */
export interface Press {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  /** True where Alt Gr writes the character, such as a bracket on a German keyboard. */
  readonly altGraph: boolean;
}

export function isPressed({ key, mod, shift }: Key, press: Press): boolean {
  if (press.key.toLowerCase() !== key.toLowerCase()) return false;
  if (mod === true) {
    return press.ctrlKey !== press.metaKey && !press.altKey && press.shiftKey === (shift ?? false);
  }
  if (press.altGraph) return true;
  return !press.ctrlKey && !press.metaKey && !press.altKey;
}

const NAMES: Readonly<Record<string, string>> = { " ": "Space", Escape: "Esc" };

/** Such as "Ctrl Shift Z", or "⌘ Shift Z" on a Mac. */
export function writeKey({ key, mod, shift }: Key, isMac: boolean): string {
  const name = NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  const words = [mod === true ? (isMac ? "⌘" : "Ctrl") : "", shift === true ? "Shift" : "", name];
  return words.filter((word) => word !== "").join(" ");
}
