/** @file A backend that is nothing but a machine. */
import type { Backend } from "../../backend.ts";
import type { Machine } from "../machine.ts";

export function backendOn(machine: Machine): Backend {
  return {
    kind: "wasm",
    report: {
      kind: "wasm",
      description: machine.description,
      reason: "",
      limits: [],
      threads: machine.threads,
      wantedThreads: machine.threads,
    },
    machine,
    isLost: () => false,
    wasLost: () => Promise.resolve(false),
  };
}
