/** @file What opening files gives. */
import type { Dataset } from "../data/index.ts";
import type { ReadNetwork } from "./open-network.ts";
import type { ReadProject } from "./project/read.ts";

/** What came of files that were dropped together; notes are sentences for the person. */
export type Opened =
  | ({ readonly kind: "network" } & ReadNetwork)
  | ({ readonly kind: "project"; readonly notes: readonly string[] } & ReadProject)
  | {
      readonly kind: "images";
      readonly training?: Dataset;
      readonly test?: Dataset;
      readonly notes: readonly string[];
    };
