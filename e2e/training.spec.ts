/** @file A training as a person lives through it: which network it is about, and that nothing jumps. */
import { goTo, openWithFew, fillSettings, truth, typeRatio } from "./app.ts";
import { expect, test } from "./fixtures.ts";
import { serveFew } from "./shards.ts";

test("asks about a cut that is set and moves nothing, also on a phone", async ({ page }) => {
  await page.addInitScript(() => {
    const shifts: string[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, hadRecentInput, sources } = entry as PerformanceEntry & {
          readonly value: number;
          readonly hadRecentInput: boolean;
          readonly sources: readonly { readonly node: Node | null }[];
        };
        // A figure's unit moves with its digits, which is less.
        if (hadRecentInput || value < 0.0005) continue;
        const names = sources.map(({ node }) => `${node?.nodeName}: ${node?.textContent}`);
        shifts.push(`${value.toFixed(4)} of ${names.join(", ")}`);
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  await serveFew(page, "data_batch_", 200);
  await openWithFew(page, 64);
  await goTo(page, "Prune");
  await typeRatio(page, "40");

  await goTo(page, "Fine-tune");
  const question = page.getByRole("region", { name: "Cut that is set" });
  await expect(question).toContainText("The cut of 40\u202f% is not applied.");
  const start = page.getByRole("button", { name: "Start with the whole network", exact: true });
  const before = await start.boundingBox();
  await question.getByRole("button", { name: "Go on with the whole network" }).click();
  await expect(question).toContainText("The whole network, without the cut of 40\u202f%.");
  expect((await start.boundingBox())?.y).toBe(before?.y);

  await goTo(page, "Export");
  await expect(page.getByRole("button", { name: "Download bundle, uncut" })).toBeVisible();
  const whole = await truth(page, "params").innerText();
  await question.getByRole("button", { name: "Apply it" }).click();
  await expect(question).toContainText("The cut of 40\u202f% is applied");
  await expect(page.getByRole("button", { name: "Download bundle", exact: true })).toBeVisible();
  await expect(truth(page, "params")).not.toHaveText(whole);

  await goTo(page, "Fine-tune");
  await expect(page.getByText("While the training runs: the loss of every batch")).toBeVisible();
  await page.setViewportSize({ width: 390, height: 780 });
  await fillSettings(page, { Seconds: "2", "Batch size": "16" });
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await expect(page.getByRole("button", { name: "Stop" })).toBeInViewport();
  await expect(page.getByText("in bold the mean of").first()).toBeVisible();
  const result = page.getByRole("group", { name: "Result" });
  await expect(result).toContainText(/Finished after \d+ steps?/, { timeout: 30_000 });
  await expect(result.getByRole("button", { name: "Keep" })).toBeInViewport();
  const shifts = await page.evaluate(() => (window as unknown as { shifts: string[] }).shifts);
  expect(shifts, "what has shifted by itself").toEqual([]);
});
