/** @file Files of a drop that are not opened: they tell a person something, or nobody anything. */
import { baseName } from "./bytes.ts";

/** What accompanies networks and datasets: readmes, reports, Python modules. */
const COMPANION =
  /^(?:readme(?:\..*)?|licen[cs]e(?:\..*)?|batches\.meta\.txt|.*report.*\.(?:json|md|html)|.*\.py)$/i;
/** What operating systems leave in every folder. */
const HIDDEN = /^(?:\..*|thumbs\.db|desktop\.ini)$/i;

/** True for what is told to have been left aside. */
export function isCompanion(name: string): boolean {
  return COMPANION.test(name);
}

/** True for what accompanies others, and for what is not even told of. */
export function isLeftAlone({ path }: { readonly path: string }): boolean {
  const name = baseName(path);
  return HIDDEN.test(name) || path.startsWith("__MACOSX/") || isCompanion(name);
}
