/** @file What opening files gives. */
import type { PlainError } from "../core/index.ts";
import type { Dataset } from "../data/index.ts";
import type { ReadNetwork } from "./open-network.ts";
import type { ReadProject } from "./project/read.ts";
import type { Sketch } from "./sketch.ts";

/** What came of files that were dropped together; notes are sentences for the person. */
export type Opened =
  | ({ readonly kind: "network" } & ReadNetwork)
  | ({ readonly kind: "project"; readonly notes: readonly string[] } & ReadProject)
  | {
      /** A network that can be looked at, and why no more than that. */
      readonly kind: "sketch";
      readonly sketch: Sketch;
      readonly refusal: PlainError;
      readonly notes: readonly string[];
    }
  | {
      readonly kind: "images";
      readonly training?: Dataset;
      readonly test?: Dataset;
      readonly notes: readonly string[];
    };
