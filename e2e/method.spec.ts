/**
 * @file The whole method on the page: a criterion, a scope, a target, locks, a layer by hand, a paper. What
 * the sheet shows is held against the command line with the same settings.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { goTo, openApp, openWithFew, ratioField, ratioSlider, typeRatio } from "./app.ts";
import { expect, test } from "./fixtures.ts";
import { expectSheet, prune, sheet } from "./sheet.ts";
import { violations } from "./violations.ts";

let folder: string;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "espalier-e2e-"));
});

test.afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test("cuts by another criterion and scope, to a target, around a lock and by hand", async ({
  page,
}) => {
  await openApp(page);
  await goTo(page, "Prune");
  await page.getByLabel("Score channels by").selectOption("l1");
  await page.getByLabel("Compare across").selectOption("stage");
  await page.getByLabel("Allocation: remove").selectOption("target");
  const target = page.getByRole("textbox", { name: /^MACs to get down to/ });
  await target.fill("60");
  await target.press("Enter");
  const settings = ["--criterion", "l1", "--scope", "stage", "--target-macs", "0.6"] as const;
  const before = await prune(folder, ...settings);
  await expectSheet(page, before);

  await test.step("what cannot be reached is said beside the target, and the plan stays", async () => {
    await target.fill("0.001 %");
    await target.press("Enter");
    await expect(page.getByRole("alert")).toContainText("this cannot be reached");
    await expectSheet(page, before);
    await page.getByRole("button", { name: "Dismiss" }).click();
    await expect(target).toHaveValue(/^60/);
  });

  const grid = page.getByRole("grid", { name: "Layers" });
  await test.step("a lock, by the pointer", async () => {
    await grid.getByRole("row").filter({ hasText: "conv3" }).hover();
    await page.getByRole("button", { name: "Lock conv3: it stays whole" }).click();
    await expectSheet(page, await prune(folder, ...settings, "--lock", "conv3"));
    const { conv3 } = await sheet(page);
    expect(conv3).toBeGreaterThan(before["conv3"] ?? Infinity);
    await expect(page.getByText("More: 1 locked")).toBeVisible();
  });

  await test.step("the width of a layer, by the keyboard", async () => {
    await page.mouse.move(5, 5);
    await grid.focus();
    for (let i = 0; i < 2; i++) await page.keyboard.press("ArrowDown");
    const shown = await sheet(page);
    const keep = (shown["conv2"] ?? 0) - 1;
    await page.keyboard.press("Enter");
    await page.keyboard.type("9999");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("alert")).toContainText("conv2: this cannot be reached");
    const field = page.getByRole("textbox", { name: /^Channels of conv2 to keep/ });
    await field.fill(String(keep));
    await field.press("Enter");
    // The target still says how much goes of all others.
    await expect(page.getByLabel("Allocation: remove")).toHaveValue("target");
    await expect(page.getByText("1 by hand")).toBeVisible();
    const byHand = ["--lock", "conv3", "--by-hand", `conv2=${keep}`] as const;
    await expectSheet(page, {
      ...(await prune(folder, ...settings, ...byHand)),
      conv3: shown["conv3"] ?? 0,
    });
    // What goes together is a key away too; Escape brings the rows back.
    await expect(grid).toBeFocused();
    await page.keyboard.press("d");
    const details = page.getByRole("dialog", { name: "Layer conv2" });
    await expect(details.getByText("the inputs of")).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await expect(details).toBeHidden();
  });

  await test.step("the slider goes back to the ratio, and looking at its number does not move it", async () => {
    await ratioField(page).focus();
    await ratioField(page).blur();
    await expect(page.getByLabel("Allocation: remove")).toHaveValue("target");
    await ratioSlider(page).fill("40");
    await expect(page.getByLabel("Allocation: remove")).toHaveValue("global-threshold");
    const keep = (await sheet(page))["conv2"];
    const line = `--criterion l1 --scope stage --lock conv3 --by-hand conv2=${keep} --allocation global-threshold --ratio 0.4`;
    await expectSheet(page, await prune(folder, ...line.split(" ")));
  });

  await test.step("a paper's method, and one that is another network's", async () => {
    await page.getByRole("button", { name: "As in a paper" }).click();
    await page.getByRole("menuitem", { name: "Network Slimming", exact: true }).click();
    await expect(ratioField(page)).toHaveValue("70");
    await page.getByRole("button", { name: "As in a paper" }).click();
    await page.getByRole("menuitem", { name: /^Li et al. 2017, ResNet-56-A/ }).click();
    await expect(page.getByRole("alert")).toContainText("This preset is for resnet-56");
    await expect(ratioField(page)).toHaveValue("70");
  });
  await page.getByText(/^More/).click();
  expect(await violations(page)).toEqual([]);
});

test("says what marks, controls and stopped layers mean, to the keyboard too", async ({ page }) => {
  await openWithFew(page, 64);
  await goTo(page, "Prune");
  await page.getByRole("button", { name: /^gap / }).focus();
  await expect(page.getByText("The free ratio")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByText("The free ratio")).toBeHidden();
  await page.getByRole("button", { name: /^guard / }).hover();
  await expect(page.getByText("The largest safe ratio")).toBeVisible();
  expect(await violations(page)).toEqual([]);

  // What a control decides, at its label, which still names it.
  await page.getByRole("button", { name: "across", exact: true }).focus();
  await expect(page.getByText("Whose scores are ranked")).toBeVisible();
  await expect(page.getByText("Isomorphic Pruning")).toBeVisible();

  // And at the row of a layer that the guard stopped.
  await typeRatio(page, "60");
  // Of a collapse the page says what helps, and the press that led there would have said so before.
  const left = page.getByRole("note", { name: "What is left" });
  await expect(left).toContainText("The network guesses now. Fine-tune it, or cut by sensitivity");
  await expect(page.getByRole("button", { name: /^Half MACs/ })).toContainText(/\d\u202f%$/);
  // However far down the method is read, the ratio is in sight.
  await page.getByText(/^More/).click();
  await page.getByText("No layer is locked").scrollIntoViewIfNeeded();
  await expect(ratioSlider(page)).toBeInViewport({ ratio: 1 });
  await page.getByText(/^More/).click();
  const why = page.getByText(
    /^conv\d+ stopped at 1 channel\. .* above the threshold 0\.\d+\. The guard/,
  );
  const marks = page.getByRole("button", { name: "Stopped by the guard: why" });
  await marks.first().hover();
  await expect(why).toBeVisible();
  // The pointer goes over to the words, and Escape closes them wherever the focus is.
  await why.hover();
  await expect(why).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(why).toBeHidden();
  await page.mouse.move(5, 5);
  await marks.first().hover();
  await expect(why).toBeVisible();
  await page.mouse.move(5, 5);
  await expect(why).toBeHidden();
  // By keyboard it stands in what the row says of itself.
  const rows = page.getByRole("grid", { name: "Layers" });
  const stopped = await rows
    .getByRole("row")
    .evaluateAll((all) => all.findIndex((row) => row.getAttribute("data-held") === "true"));
  await rows.focus();
  for (let row = 0; row <= stopped; row++) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("d");
  await expect(why).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "guard", exact: true }).focus();
  await expect(
    page.getByText(/^Layers stopped by the guard: conv\d+ at 1, conv\d+ at 1/),
  ).toBeVisible();
  await typeRatio(page, "10");
  await expect(marks).toHaveCount(0);
});
