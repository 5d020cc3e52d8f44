/** @file Headless Chromium, and the peers that run in a page of it. */
import { chromium, type Browser, type BrowserServer } from "@playwright/test";
import { chromiumLaunchOptions } from "../../scripts/chromium.mjs";
import { cpuSecondsOf } from "./cpu-time.ts";
import type { OpenPeer } from "./peer.ts";

/** One browser for a whole benchmark; each peer has its own page, and so its own process, in it. */
export class Chromium {
  readonly version: string;
  readonly #server: BrowserServer;
  readonly #browser: Browser;

  private constructor(server: BrowserServer, browser: Browser) {
    this.#server = server;
    this.#browser = browser;
    this.version = browser.version();
  }

  static async launch(): Promise<Chromium> {
    // As a server, because only that tells its process.
    const server = await chromium.launchServer(chromiumLaunchOptions());
    return new Chromium(server, await chromium.connect(server.wsEndpoint()));
  }

  /**
   * Opens a page that answers as `train-page/main.ts` says.
   * @throws when it does not load, or is not cross-origin isolated
   */
  async open(url: string): Promise<OpenPeer> {
    const page = await this.#browser.newPage();
    await page.goto(url);
    const isolated = await page.evaluate(async () => {
      await window.ready;
      return crossOriginIsolated;
    });
    if (!isolated) throw new Error(`${url} is not cross-origin isolated`);
    const { pid = NaN } = this.#server.process();
    return {
      init: (load) => page.evaluate((given) => window.benchInit(given), load),
      run: (kind, steps) =>
        page.evaluate(([what, count]) => window.benchRun(what, count), [kind, steps] as const),
      // The whole browser: nothing else in it works at the same time.
      cpuSeconds: () => cpuSecondsOf(pid),
      close: () => page.close(),
    };
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
  }
}
