/** @file The engine's worker, whose globals no init script reaches: what is done to it before it starts, and in it. */
import type { Page, Worker } from "@playwright/test";

/** Runs a script in front of the worker's own, such as one that takes something away. */
export async function inTheWorker(page: Page, script: string): Promise<void> {
  await page.route("**/*engine.worker*", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `{${script}}\n${await response.text()}` });
  });
}

/** The one that runs now. */
export function engineWorker(page: Page): Worker {
  const worker = page.workers().find((one) => one.url().includes("engine.worker"));
  if (worker === undefined) throw new Error("no worker");
  return worker;
}
