/**
 * @file Native PyTorch as a peer: `pytorch.py` in a process of its own, asked line by line. Python and
 * PyTorch are the machine's; without them this peer is missing.
 */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { projectFolder } from "../../src/cli/project.ts";
import { cpuSecondsOf } from "./cpu-time.ts";
import { batchOf, networkOf, withoutIdentities } from "./network.ts";
import { USUAL_THREADS, type Load, type OpenPeer, type RunKind } from "./peer.ts";
import { cacheFolder } from "./project-modules.ts";

const SCRIPT = join(projectFolder(), "bench", "train", "pytorch.py");
/** The second one is where Debian's python3-torch belongs to, whatever else is called python3. */
const INTERPRETERS = ["python3", "/usr/bin/python3"];

type Layout = "NCHW" | "channels_last";

/** The first Python that has PyTorch, or nothing. */
export function findPyTorch(): string | undefined {
  return INTERPRETERS.find((python) => {
    try {
      execFileSync(python, ["-c", "import torch"], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  });
}

interface Conversation {
  ask(question: object): Promise<Readonly<Record<string, unknown>>>;
  readonly process: ChildProcess;
}

function converse(python: string, threads: number): Conversation {
  const child = spawn(python, [SCRIPT], {
    env: { ...process.env, OMP_NUM_THREADS: String(threads) },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let complaints = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-2000);
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  // Writing to a child that has ended must not end this program too: the missing answer tells.
  child.stdin.on("error", () => undefined);
  return {
    process: child,
    async ask(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      const { done, value } = await lines.next();
      if (done === true) throw new Error(`PyTorch ended: ${complaints}`);
      return JSON.parse(value) as Record<string, unknown>;
    },
  };
}

/** The question that hands a network over; its numbers are written to a file. */
function handOver(load: Load, file: string): object {
  const network = withoutIdentities(networkOf(load));
  const { images, labels } = batchOf(network, load.batch);
  const tensors: Record<string, readonly [at: number, shape: readonly number[]]> = {};
  const parts: Float32Array[] = [];
  let end = 0;
  const put = (name: string, shape: readonly number[], values: Float32Array): void => {
    tensors[name] = [end, shape];
    parts.push(values);
    end += values.length;
  };
  for (const [name, { shape, values }] of network.weights) put(name, shape, values);
  put("images", [load.batch, 32, 32, 3], images);
  writeFileSync(
    file,
    Buffer.concat(
      parts.map(({ buffer, byteOffset, byteLength }) =>
        Buffer.from(buffer, byteOffset, byteLength),
      ),
    ),
  );
  const { nodes, output } = network;
  const threads = load.threads ?? USUAL_THREADS;
  return { ask: "init", file, tensors, nodes, output, labels: [...labels], threads };
}

async function start(
  python: string,
  load: Load,
  choice: { readonly kind: RunKind; readonly layout: Layout | null },
) {
  const folder = cacheFolder("");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `weights-${process.pid}.bin`);
  const conversation = converse(python, load.threads ?? USUAL_THREADS);
  try {
    const reply = await conversation.ask({ ...handOver(load, file), ...choice });
    const { version, threads, layout, logits } = reply as {
      version: string;
      threads: number;
      layout: Layout;
      logits: readonly number[];
    };
    const description = `PyTorch ${version}, eager, ${layout}, ${threads} threads`;
    return { conversation, layout, ready: { description, logits } };
  } catch (error) {
    conversation.process.kill();
    throw error;
  } finally {
    rmSync(file, { force: true });
  }
}

/** @param kind — what it will run: the memory format is chosen by it */
export function openPyTorch(python: string, kind: RunKind): OpenPeer {
  let running: Conversation | undefined;
  const end = (): void => {
    running?.process.stdin?.end();
    running = undefined;
  };
  return {
    async init(load) {
      end();
      const { conversation, ready } = await start(python, load, { kind, layout: null });
      running = conversation;
      return ready;
    },
    async run(what, steps) {
      const reply = await running?.ask({ ask: "run", kind: what, steps });
      return (reply as { ms: readonly number[] } | undefined)?.ms ?? [];
    },
    cpuSeconds: () => cpuSecondsOf(running?.process.pid ?? NaN),
    close: async () => end(),
  };
}

/**
 * How much the resident memory of a fresh process grows at most when it takes a network and trains it
 * for two steps: weights, gradients, momentum, activations and what PyTorch needs beside them. In the
 * memory format that takes less.
 * @returns bytes; NaN where the system does not tell
 */
export async function peakBytesOfPyTorch(python: string, load: Load): Promise<number> {
  const peaks: number[] = [];
  for (const layout of ["NCHW", "channels_last"] as const) {
    const { conversation } = await start(python, load, { kind: "train", layout });
    await conversation.ask({ ask: "run", kind: "train", steps: 2 });
    const { bytes } = (await conversation.ask({ ask: "peak" })) as { bytes: number | null };
    peaks.push(bytes ?? NaN);
    conversation.process.stdin?.end();
  }
  return Math.min(...peaks);
}
