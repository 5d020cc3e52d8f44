/** @file The sheet of layers, and what the command line keeps with the same settings. */
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { SOON } from "./app.ts";
import { espalier } from "./command-line.ts";
import { expect } from "./fixtures.ts";
import { DEMO_FOLDER } from "./independent.ts";

/** Channels that stay, by the layer's name. */
export type Widths = Readonly<Record<string, number>>;

interface Pruned {
  readonly groups: readonly { readonly name: string; readonly kept: readonly number[] }[];
}

/**
 * What the command line keeps of each layer of the shipped network.
 * @param folder — where it may write
 */
export async function prune(folder: string, ...args: readonly string[]): Promise<Widths> {
  const found = await espalier<Pruned>("prune", DEMO_FOLDER, ...args, "-o", join(folder, "cut"));
  return Object.fromEntries(found.groups.map(({ name, kept }) => [name, kept.length]));
}

/** What the sheet says of each layer. */
export async function sheet(page: Page): Promise<Widths> {
  const rows = page.getByRole("grid", { name: "Layers" }).getByRole("row");
  // It is rendered after the figures above it.
  await rows.first().waitFor();
  const cells = await rows.evaluateAll((all) =>
    all.map((row) => [
      row.querySelector('[role="rowheader"]')?.textContent ?? "",
      Number(/^\d+/.exec(row.querySelector('[role="gridcell"]')?.textContent ?? "")?.[0]),
    ]),
  );
  return Object.fromEntries(cells) as Record<string, number>;
}

/** Waits until the sheet says what the command line does; locked layers only stand in the sheet. */
export async function expectSheet(page: Page, expected: Widths): Promise<void> {
  await expect
    .poll(
      async () => {
        const shown = await sheet(page);
        return Object.fromEntries(Object.keys(expected).map((name) => [name, shown[name]]));
      },
      { intervals: SOON },
    )
    .toEqual(expected);
}
