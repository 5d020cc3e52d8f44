/**
 * @file Two curves as the rows of one table, so that what is read at a step is of that step in both: a chart
 * that is given them apart reads the second one by its place in the list. Pure.
 */

/** What is known at a step, by name. */
export type StepRow = Record<string, number> & { readonly step: number };

/**
 * @param own — the curve's rows
 * @param other — those of the one behind it
 * @param key — which of the other's values is taken over, as `beside`
 * @returns a row a step of either, ascending; what one has not at a step is absent there
 */
export function joinByStep(
  own: readonly StepRow[],
  other: readonly StepRow[],
  key: string,
): readonly StepRow[] {
  const rows = new Map(own.map((row) => [row.step, row]));
  for (const row of other) {
    const { step, [key]: beside } = row;
    if (beside !== undefined) rows.set(step, { ...rows.get(step), step, beside });
  }
  return [...rows.values()].sort((a, b) => a.step - b.step);
}
