/** @file Which names a few letters mean. */

/**
 * The names that hold what was typed, in their order; capitals do not count. Nothing typed finds nothing.
 */
export function findBlocks(ids: readonly string[], query: string): readonly string[] {
  const wanted = query.trim().toLowerCase();
  return wanted === "" ? [] : ids.filter((id) => id.toLowerCase().includes(wanted));
}
