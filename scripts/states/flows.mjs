/**
 * @file Ways through the page, and where on them pictures are taken. Each begins on a fresh visit. What is
 * waited for is what a person sees.
 */

/** @typedef {import("@playwright/test").Page} Page */
/** @typedef {import("@playwright/test").Locator} Locator */
/**
 * @typedef {object} Look
 * @property {Locator} [subject] brought into sight at each width
 * @property {"Trellis" | "Method" | "Sensitivity" | "Images" | "Runs"} [tab] where the Prune step is in one column: what is looked at
 */
/** @typedef {(state: string, look?: Look) => Promise<void>} Take */

/** @param {Page} page @param {string} step */
const goTo = (page, step) => page.getByRole("tab", { name: step, exact: true }).click();

/** @param {Page} page */
const measured = (page) => page.getByTestId("truth-accuracy").getByText("n = ").waitFor();

/** @param {Page} page @param {string} ratio per cent */
async function cutAt(page, ratio) {
  await page.getByRole("slider", { name: "Ratio" }).fill(ratio);
  await measured(page);
}

/** @param {Page} page @param {RegExp} title */
async function openShipped(page, title) {
  await goTo(page, "Load");
  await measured(page);
  const before = await page.getByTestId("network-name").innerText();
  await page.getByRole("button", { name: title }).click();
  await page.getByTestId("network-name").filter({ hasNotText: before }).waitFor();
  await measured(page);
}

/** @param {Page} page @param {string} name @param {string} text */
const drop = (page, name, text) =>
  page.evaluate(
    ([file = "", content = ""]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([content], file));
      document.body.dispatchEvent(
        new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }),
      );
    },
    [name, text],
  );

/** @param {Page} page @param {string} seconds */
async function train(page, seconds) {
  await page.getByLabel("Seconds").fill(seconds);
  await page.getByRole("button", { name: "Start", exact: true }).click();
}

/** @type {Record<string, (page: Page, take: Take) => Promise<void>>} */
export const FLOWS = {
  load: async (page, take) => {
    await goTo(page, "Load");
    await measured(page);
    await take("first");
    await page.getByRole("radio", { name: "Graph" }).check();
    await page.getByRole("option", { name: /^input / }).waitFor();
    await take("graph", { subject: page.getByRole("listbox", { name: "Layers of the network" }) });
    await drop(page, "model.onnx", "<!doctype html><title>Not found</title>");
    await page.getByRole("main").getByRole("alert").waitFor();
    await take("refused", { subject: page.getByRole("main").getByRole("alert") });
  },

  "sparse-train": async (page, take) => {
    await measured(page);
    await goTo(page, "Sparse train");
    await take("before");
    await train(page, "600");
    await page.getByText(/of \d+ below 0\.01/).waitFor();
    await page.waitForTimeout(15_000);
    await take("running");
    await page.getByRole("button", { name: "Pause" }).click();
    await take("paused");
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByRole("group", { name: "Result" }).waitFor();
    await take("stopped");
  },

  prune: async (page, take) => {
    await measured(page);
    await goTo(page, "Prune");
    await take("uncut");
    await cutAt(page, "50");
    await page.getByRole("button", { name: "Compute all" }).click();
    await page.getByRole("button", { name: "Cancel sensitivity" }).waitFor();
    await take("sweeping");
    await page
      .getByRole("button", { name: "Cancel sensitivity" })
      .waitFor({ state: "hidden", timeout: 300_000 });
    await take("cut");
    await page.getByText("removed from one layer alone").waitFor();
    const curves = page.getByText("removed from one layer alone");
    await take("curves", { subject: curves, tab: "Sensitivity" });
    await page.getByText("More", { exact: true }).click();
    await take("more", { tab: "Method" });
    await cutAt(page, "99.5");
    await take("guards", { subject: page.getByRole("note", { name: "Guards" }) });
  },

  channel: async (page, take) => {
    await measured(page);
    await goTo(page, "Prune");
    await cutAt(page, "30");
    const grid = page.getByRole("grid", { name: "Layers" });
    await grid.focus();
    for (const key of ["ArrowDown", "ArrowDown", "ArrowRight"]) await page.keyboard.press(key);
    await page.keyboard.press("Enter");
    await page.getByTestId("channel-cost").getByText("right").waitFor();
    await take("inspector", {
      subject: page.getByRole("region", { name: "Channel", exact: true }),
    });
  },

  residual: async (page, take) => {
    await openShipped(page, /^PreResNet-20/);
    await goTo(page, "Prune");
    await cutAt(page, "30");
    await take("streams");
    await goTo(page, "Load");
    await openShipped(page, /^DenseNet-16/);
    await goTo(page, "Prune");
    await cutAt(page, "30");
    await take("dense");
    await goTo(page, "Load");
    const form = page.getByRole("form", { name: "Architecture" });
    await form.getByRole("combobox", { name: "Architecture" }).fill("preresnet-164");
    await page.getByRole("button", { name: "Build" }).click();
    await page.getByTestId("network-name").getByText("preresnet-164").waitFor();
    await goTo(page, "Prune");
    await page.getByRole("slider", { name: "Ratio" }).fill("40");
    await take("folded");
  },

  runs: async (page, take) => {
    await measured(page);
    await goTo(page, "Prune");
    for (const ratio of ["30", "60"]) {
      await cutAt(page, ratio);
      await page.getByRole("button", { name: "Apply and fine-tune" }).click();
      await goTo(page, "Prune");
      await page.getByRole("button", { name: "Baseline", exact: true }).first().click();
      await measured(page);
    }
    await take("table", {
      subject: page.getByRole("table", { name: "Runs compared" }),
      tab: "Runs",
    });
    await take("chart", {
      subject: page.getByRole("figure", { name: "Accuracy against MACs" }),
      tab: "Runs",
    });
    await cutAt(page, "60");
    await take("images", { tab: "Images" });
  },

  "fine-tune": async (page, take) => {
    await measured(page);
    await goTo(page, "Prune");
    await cutAt(page, "60");
    await page.getByRole("button", { name: "Apply and fine-tune" }).click();
    await take("before");
    await train(page, "20");
    await page
      .getByRole("group", { name: "Result" })
      .getByRole("button", { name: "Keep" })
      .waitFor({ timeout: 120_000 });
    await take("finished");
    await page.getByRole("group", { name: "Result" }).getByRole("button", { name: "Keep" }).click();
    await goTo(page, "Export");
    await measured(page);
    await take("export");
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download bundle", exact: true }).click();
    await saved;
    await page.getByText("Read back: weights and logits bit-identical").first().waitFor();
    const proof = page.getByText("Read back: weights and logits bit-identical").first();
    await take("proved", { subject: proof });
  },

  shell: async (page, take) => {
    await measured(page);
    await goTo(page, "Prune");
    await cutAt(page, "30");
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Find a command" }).waitFor();
    await take("palette");
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await take("keys");
  },
};
