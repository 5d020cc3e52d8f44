/** @file What every reader of networks gives. */
import type { Network } from "../model/index.ts";

/** A network out of a file, with remarks on how it was read, fit to be shown. */
export interface Imported {
  readonly network: Network;
  readonly notes: readonly string[];
}
