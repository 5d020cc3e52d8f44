/** @file What the page needs before anything else: its headers, its files, honest answers. */
import { DEMO } from "../src/state/shipped.ts";
import { imagesOf, measured, goTo, openApp, ratioField, truth } from "./app.ts";
import { expect, test } from "./fixtures.ts";

test("is cross-origin isolated and trusts only its own scripts", async ({ page }) => {
  const response = await page.goto("/");
  expect(await page.evaluate(() => window.crossOriginIsolated)).toBe(true);
  const headers = response?.headers() ?? {};
  expect(headers["content-security-policy"]).toContain("default-src 'none'");
  expect(headers["x-content-type-options"]).toBe("nosniff");
  expect(headers["referrer-policy"]).toBe("no-referrer");
  await expect(page).toHaveTitle(/Espalier/);
  await expect(page.getByRole("contentinfo")).toContainText("Nothing leaves this machine.");
});

test("names the program's parts in its head, each once, and has the charts compiled as they arrive", async ({
  page,
}) => {
  const fetched: string[] = [];
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    if (pathname.startsWith("/assets/")) fetched.push(pathname);
  });
  await openApp(page);
  const named = await page.evaluate(() =>
    [...document.head.querySelectorAll<HTMLLinkElement>("link[rel$=preload]")].map(
      ({ href }) => new URL(href).pathname,
    ),
  );
  expect(new Set(named).size).toBe(named.length);
  // Each came once: what is named in another way than it is fetched would come twice.
  for (const path of named)
    expect(
      fetched.filter((one) => one === path),
      path,
    ).toHaveLength(1);
  expect(named.some((path) => /\/ui-[^/]*\.js$/.test(path))).toBe(true);
  expect(named.some((path) => /\/ui-[^/]*\.css$/.test(path))).toBe(true);

  await goTo(page, "Fine-tune");
  const chart = (): string | undefined =>
    fetched.find((path) => /TrainingChart[^/]*\.js$/.test(path));
  await expect.poll(chart).toBeDefined();
  const code = await page.request.get(chart() ?? "");
  expect(await code.text()).toMatch(/^\/\/# allFunctionsCalledOnLoad\n/);
});

test("answers 404 for what is not there, never the page itself", async ({ request }) => {
  for (const path of [
    `/models/${DEMO.name}/none.bin`,
    "/models/none/model.json",
    "/data/none.bin",
  ]) {
    const response = await request.get(path);
    expect(response.status(), path).toBe(404);
    expect(await response.text(), path).not.toContain("<html");
  }
});

test("says so when the shipped network is missing, and goes on", async ({ page, watch }) => {
  watch.expectMessage(/Failed to load resource.*404/);
  await page.route(`**/${DEMO.path}`, (route) => route.fulfill({ status: 404 }));
  await page.goto("/");
  await expect(page.getByRole("alert")).toContainText("model.json");
  await goTo(page, "Load");
  await expect(imagesOf(page)).toContainText("10\u202f000");
  await page.getByRole("form", { name: "Architecture" }).getByLabel("Width").selectOption("0.125");
  await page.getByRole("button", { name: "Build", exact: true }).click();
  await expect(page.getByTestId("network-name")).toHaveText("vgg16:width=0.125");
  await measured(page);
});

test("a fresh visit shows the shipped network with its measured accuracy", async ({ page }) => {
  await page.addInitScript(() => {
    const shifts: string[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, sources } = entry as PerformanceEntry & {
          readonly value: number;
          readonly sources: readonly { readonly node: Node | null }[];
        };
        // A figure's unit moves with its digits, which is less.
        if (value < 0.0005) continue;
        const names = sources.map(({ node }) => `${node?.nodeName}: ${node?.textContent}`);
        shifts.push(`${value.toFixed(4)} of ${names.join(", ")}`);
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto("/");
  await expect(page.getByTestId("network-name")).toHaveCount(0);
  const { accuracy, halfWidth, images } = await measured(page, 10_000);
  expect(images).toBeGreaterThanOrEqual(256);
  // Ten classes: a network that has learned nothing is at 10 %.
  expect(accuracy - halfWidth).toBeGreaterThan(10);
  await expect(page.getByRole("contentinfo")).toContainText("wasm");
  // The network, its figures and the images come without moving anything that was there.
  const shifts = await page.evaluate(() => (window as unknown as { shifts: string[] }).shifts);
  expect(shifts, "what has shifted by itself").toEqual([]);
  // Whoever presses twice does not press what has come below the pointer.
  await goTo(page, "Load");
  await page.getByRole("button", { name: "Prune it" }).dblclick();
  await expect(ratioField(page)).toHaveValue("0");
  await expect(truth(page, "MACs")).toContainText("M");
});
