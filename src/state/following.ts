/**
 * @file What becomes of a list that a person has changed by hand when something else changes beside it:
 * who scores, who takes part, the curves. The layers that no hand has set follow what the list was made
 * from; the others stay as they are, as far as they may. A list in which nothing differs any more is what
 * it was before.
 */
import type { Method } from "./method.ts";
import type { MethodState } from "./methods.ts";
import type { Layer, Preview, Pruning } from "./planning.ts";

/** What is on the page while a change is tried. */
export interface OnPage extends Pick<MethodState, "byMethod" | "pruning"> {
  readonly preview: Preview | null;
}

/**
 * The method of the list on the page under what has changed.
 * @param pruning — the network made ready for `method`
 * @param own — how many channels of each of its layers stay by what the list was made from; null where
 *   that cannot be planned, and the list then only loses the layers that are locked
 */
export function follow(
  method: Method,
  pruning: Pruning,
  own: Int32Array | null,
  now: OnPage,
): Method {
  const { base, ...rest } = method;
  if (base === undefined || method.allocation.kind !== "list") return method;
  const isSame = pruning === now.pruning;
  if (own === null) return isSame ? method : withoutLocked(method, pruning.layers);
  if (isSame && own === now.byMethod) return method;
  const byHand = setOn(now);
  const layers: Record<string, { readonly keep: number }> = {};
  let differs = false;
  pruning.layers.forEach(({ name, of, isLocked }, i) => {
    const set = byHand.get(name);
    byHand.delete(name);
    if (isLocked) return;
    const byBase = own[i] ?? of;
    const keep = set === undefined ? byBase : nearest(pruning.widthsOf(i), set);
    if (keep !== of) layers[name] = { keep };
    differs ||= keep !== byBase;
  });
  // What takes no part any more is not dropped in silence: the list is refused, by its name.
  for (const [name, keep] of byHand) layers[name] = { keep };
  return differs || byHand.size > 0
    ? { ...method, allocation: { kind: "list", layers } }
    : { ...rest, allocation: base };
}

/** How many channels stay of the layers that were set by hand, by name; of all of them where it is not known which. */
function setOn({ pruning, byMethod, preview }: OnPage): Map<string, number> {
  const set = new Map<string, number>();
  pruning?.layers.forEach(({ name, of, isLocked }, i) => {
    const keep = preview?.kept[i] ?? of;
    if (!isLocked && keep !== byMethod?.[i]) set.set(name, keep);
  });
  return set;
}

/** @param widths — ascending; of two that are as near, the larger one */
function nearest(widths: readonly number[], wanted: number): number {
  return widths.reduce(
    (best, width) => (Math.abs(width - wanted) <= Math.abs(best - wanted) ? width : best),
    widths[0] ?? wanted,
  );
}

function withoutLocked(method: Method, rows: readonly Layer[]): Method {
  const locked = rows.flatMap(({ isLocked, layers }) => (isLocked ? layers : []));
  return { ...method, allocation: without(method.allocation, locked) };
}

/** A list without some layers; anything else as it is. */
export function without(
  allocation: Method["allocation"],
  layers: readonly string[],
): Method["allocation"] {
  if (allocation.kind !== "list") return allocation;
  const rest = Object.entries(allocation.layers).filter(([name]) => !layers.includes(name));
  return { kind: "list", layers: Object.fromEntries(rest) };
}
