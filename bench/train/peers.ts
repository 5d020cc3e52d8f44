/** @file The peers that this machine has, and one door to open any of them. */
import { Chromium } from "./chromium.ts";
import { ensureOnnxRuntime } from "./onnxruntime.ts";
import { servePage } from "./page.ts";
import type { OpenPeer } from "./peer.ts";
import { findPyTorch, openPyTorch, peakBytesOfPyTorch } from "./pytorch.ts";
import type { MemoryLine } from "./report.ts";
import { messageOf } from "./rounds.ts";
import type { Entrant, Work } from "./works.ts";

const NO_PYTORCH = 'no python3 that can "import torch"; Debian has python3-torch';

export class Peers {
  readonly url: string;
  readonly chromium: Chromium;
  readonly #python: string | undefined;
  /** Why onnxruntime-web is missing; empty when it is not. */
  readonly #noOnnxRuntime: string;
  readonly #closePage: () => Promise<void>;

  private constructor(
    page: Awaited<ReturnType<typeof servePage>>,
    chromium: Chromium,
    noOnnxRuntime: string,
  ) {
    this.url = page.url;
    this.chromium = chromium;
    this.#python = findPyTorch();
    this.#noOnnxRuntime = noOnnxRuntime;
    this.#closePage = page.close;
  }

  static async gather(say: (text: string) => void): Promise<Peers> {
    const found = await ensureOnnxRuntime(say).then(
      (folder) => ({ folder, reason: "" }),
      (error: unknown) => ({ folder: undefined, reason: messageOf(error) }),
    );
    const page = await servePage(found.folder);
    try {
      return new Peers(page, await Chromium.launch(), found.reason);
    } catch (error) {
      // A server that is left open would keep the program from ending.
      await page.close();
      throw error;
    }
  }

  /** @throws with the reason when this machine lacks it */
  async open({ peer }: Entrant, { kind }: Work): Promise<OpenPeer> {
    if (peer === "pytorch") {
      if (this.#python === undefined) throw new Error(NO_PYTORCH);
      return openPyTorch(this.#python, kind);
    }
    if (peer === "onnxruntime" && this.#noOnnxRuntime !== "") throw new Error(this.#noOnnxRuntime);
    return this.chromium.open(peer === "ours" ? this.url : `${this.url}?peer=${peer}`);
  }

  /** What a training step of the first entrant takes, here and in PyTorch. */
  async memoryOf({ name, entrants }: Work): Promise<MemoryLine> {
    const load = entrants[0]?.load;
    if (load === undefined) return { name, ours: undefined, pytorch: undefined };
    const page = await this.chromium.open(this.url);
    const { plannedBytes: ours } = await page.init(load);
    await page.close();
    const python = this.#python;
    const pytorch = python === undefined ? undefined : await peakBytesOfPyTorch(python, load);
    return { name, ours, pytorch };
  }

  async close(): Promise<void> {
    await this.chromium.close();
    await this.#closePage();
  }
}
