/** @file Files that lie beside others and mean nothing by themselves. */
import { baseName } from "./bytes.ts";

/** Files that lie beside networks and datasets, and mean nothing by themselves. */
const COMPANION =
  /^(?:readme(?:\..*)?|licen[cs]e(?:\..*)?|batches\.meta\.txt|.*report.*\.(?:json|md|html)|.*\.py)$/i;
/** Files that operating systems leave everywhere. */
const HIDDEN = /^(?:\..*|thumbs\.db|desktop\.ini)$/i;

/** True for what accompanies networks and datasets, such as a readme. */
export function isCompanion(name: string): boolean {
  return COMPANION.test(name);
}

/** Files that systems leave everywhere, and those that accompany others. */
export function isLeftAlone({ path }: { readonly path: string }): boolean {
  const name = baseName(path);
  return HIDDEN.test(name) || path.startsWith("__MACOSX/") || isCompanion(name);
}
