/**
 * @file Where things lie in the working tree.
 */

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root, with no slash at its end. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export const DATA_FOLDER = join(ROOT, "data");
export const CIFAR_FOLDER = join(DATA_FOLDER, "cifar-10");
