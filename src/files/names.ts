/** @file A network's name, which may be any text, as names that files and modules can have. */

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
