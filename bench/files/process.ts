/** @file The memory of the page's process, as Linux' `/proc` has it. */
import { readFileSync } from "node:fs";
import type { Browser } from "@playwright/test";

/** The process of the page under measurement: the one with the most in it. */
export async function rendererOf(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  return renderers.toSorted((a, b) => bytesIn(b, "VmRSS") - bytesIn(a, "VmRSS"))[0] ?? 0;
}

/** @param name — `VmRSS`, what is resident now, or `VmHWM`, its peak */
export function bytesIn(pid: number, name: "VmRSS" | "VmHWM"): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return 1024 * Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? NaN);
}
