/** @file The page's door to the engine: the client of the worker, and what answers without it. */
export { createEngine } from "./client.ts";
export * from "./planner.ts";
export type * from "./protocol.ts";
