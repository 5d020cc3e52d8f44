/** @file Waits until the machine does nothing else. */
import { cpus } from "node:os";
import { setTimeout } from "node:timers/promises";

const LOOK_MS = 400;
const IDLE_SHARE = 0.85;
/** After this a round starts anyway, and the report says so. */
const PATIENCE_MS = 20_000;

function times(): { readonly idle: number; readonly all: number } {
  let [idle, all] = [0, 0];
  for (const { times: spent } of cpus()) {
    idle += spent.idle;
    all += spent.idle + spent.user + spent.sys + spent.nice + spent.irq;
  }
  return { idle, all };
}

/** @returns whether it became quiet */
export async function waitForQuiet(): Promise<boolean> {
  const start = performance.now();
  do {
    const before = times();
    await setTimeout(LOOK_MS);
    const after = times();
    if ((after.idle - before.idle) / (after.all - before.all) >= IDLE_SHARE) return true;
  } while (performance.now() - start < PATIENCE_MS);
  return false;
}
