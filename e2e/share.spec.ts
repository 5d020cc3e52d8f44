/**
 * @file A link from one page to another: the same network, method, locks and ratio; what it does not hold is asked
 * for; what cannot be read is said.
 */
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import {
  applyCut,
  dropFiles,
  goTo,
  openApp,
  ratioField,
  ratioSlider,
  truth,
  typeRatio,
} from "./app.ts";
import { expect, test } from "./fixtures.ts";
import { sheet } from "./sheet.ts";
import { violations } from "./violations.ts";

const notice = (page: Page) => page.getByLabel("Link", { exact: true });

/** Presses Share and reads the clipboard. */
async function share(page: Page): Promise<string> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Share" }).click();
  await expect(page.getByRole("contentinfo")).toContainText("The link is on the clipboard.");
  return page.evaluate(() => navigator.clipboard.readText());
}

test("brings network, step, method, locks and ratio to another page", async ({ page, context }) => {
  await openApp(page);
  await goTo(page, "Prune");
  await page.getByLabel("Score channels by").selectOption("l2");
  await page.getByLabel("Compare across").selectOption("stage");
  const grid = page.getByRole("grid", { name: "Layers" });
  await grid.getByRole("row").filter({ hasText: "conv3" }).hover();
  await page.getByRole("button", { name: "Lock conv3: it stays whole" }).click();
  await typeRatio(page, "37.5");
  const link = await share(page);
  expect(new URL(link).hash.length).toBeLessThan(600);
  // Sharing does not touch the address of whoever shares.
  expect(new URL(page.url()).hash).toBe("");

  const other = await context.newPage();
  await other.goto(link);
  await expect(other.getByRole("tab", { name: "Prune" })).toHaveAttribute("aria-selected", "true");
  await expect(ratioField(other)).toHaveValue("37.5");
  await expect(other.getByLabel("Score channels by")).toHaveValue("l2");
  await expect(other.getByLabel("Compare across")).toHaveValue("stage");
  const lock = other.getByRole("button", { name: "Lock conv3: it stays whole", pressed: true });
  await expect(lock).toHaveCount(1);
  expect(await sheet(other)).toEqual(await sheet(page));
  expect(await truth(other, "params").innerText()).toBe(await truth(page, "params").innerText());
  await expect(notice(other)).toHaveCount(0);

  await test.step("a link that is followed on an open page is one step to undo", async () => {
    await ratioSlider(other).fill("60");
    await other.evaluate((hash) => {
      window.location.hash = "";
      window.location.hash = hash;
    }, new URL(link).hash);
    await expect(ratioField(other)).toHaveValue("37.5");
    await other.keyboard.press("Control+z");
    await expect(ratioField(other)).toHaveValue("60");
  });
});

test("opens an architecture by its name, in place of the demo", async ({ page, context }) => {
  await openApp(page);
  await page.getByRole("combobox", { name: "Architecture" }).fill("vgg11");
  await page.getByRole("button", { name: "Build", exact: true }).click();
  await expect(page.getByTestId("network-name")).toHaveText(/^vgg11/);
  const name = await page.getByTestId("network-name").innerText();
  const link = await share(page);
  const other = await context.newPage();
  await other.goto(link);
  await expect(other.getByTestId("network-name")).toHaveText(name);
});

test("asks for a network of a person's own, knows it, and knows another one", async ({
  page,
  browser,
}) => {
  const download = async (): Promise<{ name: string; bytes: Uint8Array }> => {
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download .safetensors", exact: true }).click();
    const file = await saved;
    return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
  };
  await openApp(page);
  await goTo(page, "Prune");
  await typeRatio(page, "40");
  await applyCut(page);
  await goTo(page, "Export");
  const mine = await download();
  await goTo(page, "Prune");
  await typeRatio(page, "25");
  await expect(ratioField(page)).toHaveValue("25");
  const link = await share(page);
  await expect(page.getByRole("contentinfo")).toContainText("export it, and send the file along");

  // Somebody else's browser: this one would know the network from what it keeps.
  const theirs = await browser.newContext();
  const other = await theirs.newPage();
  await other.goto(link);
  await expect(ratioField(other)).toHaveValue("0");
  await expect(notice(other)).toContainText("which is not in it");
  expect(await violations(other)).toEqual([]);

  await test.step("another network is not cut until that is asked for", async () => {
    const demo = await readFile("public/models/vgg13-plain/model.json");
    const weights = await readFile("public/models/vgg13-plain/group1-shard1of1.bin");
    await dropFiles(other, [
      { name: "model.json", bytes: demo },
      { name: "group1-shard1of1.bin", bytes: weights },
    ]);
    await expect(notice(other)).toContainText("model.json is not the");
    await expect(other.getByRole("button", { name: "Cut it so anyway" })).toBeVisible();
    await goTo(other, "Prune");
    await expect(ratioField(other)).toHaveValue("0");
  });

  await test.step("the right one is, as one step to undo", async () => {
    await dropFiles(other, [{ ...mine, name: "renamed.safetensors" }]);
    await expect(notice(other)).toHaveCount(0);
    await expect(other.getByRole("tab", { name: "Prune" })).toHaveAttribute(
      "aria-selected",
      "true",
    );
    await expect(ratioField(other)).toHaveValue("25");
    await other.getByRole("button", { name: "Undo" }).click();
    await expect(ratioField(other)).toHaveValue("0");
  });
  await theirs.close();
});

test("finds a network of a person's own among what this browser keeps", async ({
  page,
  context,
}) => {
  await openApp(page);
  await goTo(page, "Prune");
  await typeRatio(page, "40");
  await applyCut(page);
  await goTo(page, "Prune");
  await typeRatio(page, "25");
  const link = await share(page);
  await typeRatio(page, "60");
  await goTo(page, "Load");
  await expect(page.getByRole("region", { name: "Project" })).toContainText(
    "Kept in this browser, as of",
  );
  const other = await context.newPage();
  await other.goto(link);
  await expect(other.getByRole("tab", { name: "Prune" })).toHaveAttribute("aria-selected", "true");
  await expect(ratioField(other)).toHaveValue("25");
  await expect(notice(other)).toHaveCount(0);
});

test("says of a newer link and of a damaged one what they are, and opens the demo", async ({
  page,
}) => {
  await openApp(page, "/#v3=from-the-future");
  await expect(notice(page)).toHaveText(
    /^#v3: this link was made by a newer Espalier .*; reload the page without the link/,
  );
  await goTo(page, "Prune");
  await typeRatio(page, "50");
  await page.evaluate(() => {
    window.location.hash = "#v1=AAAAA";
  });
  await expect(notice(page)).toHaveText(/^#v1: this link is damaged .*; copy it again, whole/);
  await expect(ratioField(page)).toHaveValue("50");
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: "Dismiss the link" }).click();
  await expect(notice(page)).toHaveCount(0);
  // What is pasted is told apart: nothing is fetched from elsewhere, and a field's text is the field's.
  await paste(page, "https://models.example/net.onnx");
  await expect(notice(page)).toContainText("save net.onnx from models.example to a file");
  await page.getByRole("button", { name: "Dismiss the link" }).click();
  await paste(page, "https://models.example/net.onnx", "input");
  await paste(page, "https://elsewhere.example/#v1=AAAAA");
  await expect(notice(page)).toHaveText(/^#v1: this link is damaged /);
});

async function paste(page: Page, text: string, into = "body"): Promise<void> {
  await page.evaluate(
    ([said, where]) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", said);
      const event = new ClipboardEvent("paste", { clipboardData, bubbles: true });
      document.querySelector(where)?.dispatchEvent(event);
    },
    [text, into] as const,
  );
}

test("puts the link in the address bar where the clipboard is forbidden", async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "clipboard", {
      value: { writeText: () => Promise.reject(new Error("no")) },
    });
  });
  await openApp(page);
  await page.getByRole("button", { name: "Share" }).click();
  await expect(page.getByRole("contentinfo")).toContainText("the link is in the address bar");
  expect(new URL(page.url()).hash).toMatch(/^#v1=[\w-]+$/);
});
