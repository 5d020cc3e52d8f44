/** @file Names that others can use: a network's, which may be any text, for files and modules; and names that stand once. */

/** Hands out names, each once. */
export class Names {
  readonly #taken: Set<string>;
  // Counted per wanted name: thousands of names that fall together must not cost their square.
  readonly #counts = new Map<string, number>();

  /** @param taken — names that are not to be handed out */
  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set(taken);
  }

  /** The wanted name, or that name with a number behind it. */
  take(wanted: string): string {
    let name = wanted;
    while (this.#taken.has(name)) {
      const count = (this.#counts.get(wanted) ?? 0) + 1;
      this.#counts.set(wanted, count);
      name = `${wanted}_${count}`;
    }
    this.#taken.add(name);
    return name;
  }
}

/** A network's name as a file's: `vgg16:width=0.25` → `vgg16-width-0.25`. */
export function fileName(name: string): string {
  const safe = name.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[-.]+|[-.]+$/g, "");
  return safe.slice(0, 100) || "network";
}

/** As a Python module's, which `import` takes: `vgg16:width=0.25` → `vgg16_width_0_25`. */
export function moduleName(name: string): string {
  const safe = name
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 100);
  if (safe === "") return "network";
  // A plain word may be one of Python's own (`class`), or hide a module that torch needs (`copy`).
  const isPlainWord = /^[A-Za-z]+$/.test(safe) && safe !== "network";
  return isPlainWord || /^\d/.test(safe) ? `net_${safe}` : safe;
}
