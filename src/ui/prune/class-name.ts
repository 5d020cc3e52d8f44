/** @file What a class is called. */

/** Its name, or `class 3` where nobody has named it. */
export function nameOfClass(classes: readonly string[], label: number): string {
  return classes[label] ?? `class ${label}`;
}
