/**
 * @file Every network that comes with the app: it opens from the Load step, does what its card says, and
 * follows the ratio. Cards are measured by the command line, so two ways to the same figures meet here.
 */
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { SHIPPED } from "../src/state/shipped.ts";
import { goTo, measured, openWhole, ratioSlider, truth } from "./app.ts";
import { expect, test } from "./fixtures.ts";

interface Card {
  readonly macs: number;
  /** Per cent of the test images. */
  readonly accuracy: number;
}

/** The row "as shipped" of a network's card. */
async function cardOf(name: string): Promise<Card> {
  const path = new URL(`../public/models/${name}/README.md`, import.meta.url);
  const text = (await readFile(path, "utf8")).replaceAll(/[\s\u202f]/g, "");
  const [, macs = "", accuracy = ""] = /asshipped\|\d+\|(\d+)\|([\d.]+)%/.exec(text) ?? [];
  return { macs: Number(macs), accuracy: Number(accuracy) };
}

/** The MACs of the network on the page, in millions. */
async function megas(page: Page): Promise<number> {
  const text = await truth(page, "MACs").innerText();
  return Number(/([\d.]+)\s*M/.exec(text)?.[1]);
}

for (const { name, title, text } of SHIPPED) {
  test(`${name} does what its card says and follows the ratio`, async ({ page }) => {
    await openWhole(page);
    // Another one first, so that the demo that is there is not taken for its twin.
    const form = page.getByRole("form", { name: "Architecture" });
    await form.getByLabel("Width").selectOption("0.125");
    await page.getByRole("button", { name: "Build", exact: true }).click();
    await expect(page.getByTestId("network-name")).toHaveText("vgg16:width=0.125");
    const shipped = page.getByRole("region", { name: "Shipped networks" });
    await shipped.getByRole("button", { name: `${title} ${text}` }).click();
    await expect(page.getByTestId("network-name")).not.toHaveText("vgg16:width=0.125");
    await goTo(page, "Prune");
    const card = await cardOf(name);
    await expect.poll(() => megas(page)).toBeCloseTo(card.macs / 1e6, 2);
    const found = await measured(page, 2_000);
    expect(Math.abs(found.accuracy - card.accuracy)).toBeLessThanOrEqual(found.halfWidth + 0.05);
    let before = card.macs / 1e6;
    for (const ratio of ["20", "40", "60"]) {
      await ratioSlider(page).fill(ratio);
      await expect.poll(() => megas(page)).toBeLessThan(before);
      before = await megas(page);
    }
    expect(before).toBeGreaterThan(0);
  });
}
