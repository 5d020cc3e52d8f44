/** @file What nodes are called: after the module of PyTorch that they were, where the file tells. */

/** Endings by which PyTorch and Keras call a layer's first weight. */
const WEIGHT = /[./](?:weight|kernel|gamma|W)$/;

/** `feature.0.weight` → `feature.0`; nothing for a name that is no layer's. */
export function moduleOfWeight(initializer: string): string | undefined {
  const module = initializer.replace(WEIGHT, "");
  return module === initializer || module === "" ? undefined : module;
}

/**
 * The scope that PyTorch writes as a node's name, as the path of the module.
 * Example: `/layer1/layer1.0/conv1/Conv` → `layer1.0.conv1.Conv`. Other names stay as they are.
 */
export function moduleOfScope(nodeName: string): string {
  if (!nodeName.startsWith("/")) return nodeName;
  const parts = nodeName.split("/").filter((part) => part !== "");
  // A child of a list carries its parent's name: `layer1`, `layer1.0`.
  return parts.filter((part, i) => !parts[i + 1]?.startsWith(`${part}.`)).join(".");
}

/** A file's name without folder, archive and ending. */
export function titleOf(where: string): string {
  const file = where.split(/ › |[/\\]/).at(-1) ?? "";
  return file.replace(/\.onnx$/i, "") || "network";
}
