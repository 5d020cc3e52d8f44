/**
 * @file The import law of docs/architecture.md, read off the source text: who may call whom. It keeps
 * the pure rooms free of tensors, the page unable to block on one, and every room behind its door.
 * Type-only imports are free between rooms, because they are gone when the program runs; tests and
 * `testing/` folders may reach anywhere.
 */
import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, posix } from "node:path";
import { describe, expect, it } from "vitest";

/** What does the work. */
const ENGINE = [
  "core",
  "model",
  "data",
  "files",
  "prune",
  "quantize",
  "runtime",
  "train",
  "analyze",
];

/** Room by room, in the order of docs/architecture.md; a room may always import from itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  model: ["core"],
  data: ["core", "model"],
  files: ["core", "model", "data"],
  prune: ["core", "model", "data"],
  quantize: ["core", "model", "data", "prune"],
  runtime: ["core", "model"],
  train: ["core", "model", "data", "prune", "quantize", "runtime"],
  analyze: ["core", "model", "data", "prune", "quantize", "runtime"],
  recipe: ENGINE,
  storage: [...ENGINE, "recipe"],
  worker: [...ENGINE, "recipe", "storage"],
  state: ["core", "worker"],
  ui: ["core", "state"],
  cli: [...ENGINE, "recipe", "storage", "worker"],
  app: ["core", "worker", "state", "ui"],
};

/** Packages that belong to some rooms alone. */
const PACKAGES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^@tensorflow\//, ["runtime"]],
  [/^(react|react-dom|@mantine|recharts|lucide-react)(\/|$)/, ["state", "ui", "app"]],
  [/^(zustand|zundo)(\/|$)/, ["state"]],
  [/^(comlink|idb)(\/|$)/, ["recipe", "storage", "worker", "cli"]],
  [/^node:/, ["cli"]],
];

/**
 * The only way into a room from outside. `worker` has one for each side of the boundary and one for
 * what page and command line both hand out, `runtime` a second one for kernel threads, which must not
 * load TensorFlow.js.
 */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  runtime: ["index.ts", "spmd/thread-loop.mjs"],
  worker: ["index.ts", "client.ts", "protocol.ts", "planner.ts", "deliver.ts"],
};

/** Rooms in which a run must be a function of its seed: no clock and no dice. */
const SEEDED = new Set([...ENGINE, "recipe", "storage"]);

/** In development the page can be opened on an engine that only pretends. */
const PERMITTED = new Set(["app/main.tsx → state/testing/fake-engine.ts"]);

interface Import {
  readonly from: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

type Sources = ReadonlyMap<string, string>;

/** The text without comments; strings stay as they are. */
function withoutComments(text: string): string {
  return text.replace(
    /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (_, string: string | undefined) => string ?? "",
  );
}

/** Every static and dynamic import, and every re-export, of one file. */
function importsOf(from: string, text: string): Import[] {
  const found: Import[] = [];
  const code = withoutComments(text);
  const patterns = [
    /^\s*(?:import|export)\s+(type\s)?[^;"'`]*?\sfrom\s*["']([^"']+)["']/gm,
    /^\s*import\s*()["']([^"']+)["']/gm,
    /\bimport\s*\(\s*()["'`]([^"'`]+)["'`]/g,
  ];
  for (const pattern of patterns) {
    for (const [, type, target = ""] of code.matchAll(pattern)) {
      found.push({ from, target, typeOnly: type !== undefined && type !== "" });
    }
  }
  return found;
}

const isTest = (path: string): boolean => /\.test\.tsx?$|(^|\/)testing\//.test(path);
const roomOf = (path: string): string => path.split("/")[0] ?? "";

/** The address of a file, for whoever will fetch it; nothing of it runs where it is imported. */
const isAddress = (target: string): boolean => /\?url(&no-inline)?$/.test(target);

/** A relative import as a path below `src`, without a query; nothing for a package. */
function resolved({ from, target }: Import): string | undefined {
  if (!target.startsWith(".")) return undefined;
  return posix.join(posix.dirname(from), target.replace(/\?.*$/, ""));
}

/** Every breach of the law, one line each. */
function breaches(sources: Sources): string[] {
  const found: string[] = [];
  const edges = new Map<string, string[]>();
  for (const [path, text] of sources) {
    if (isTest(path)) continue;
    const room = roomOf(path);
    if (!(room in MAY_IMPORT)) found.push(`${path}: ${room} is no room`);
    for (const one of importsOf(path, text)) {
      if (isAddress(one.target)) continue;
      const to = resolved(one);
      if (to === undefined) {
        found.push(...packageBreaches(one, room));
        continue;
      }
      // Files beside `src`, such as package.json, belong to no room.
      if (to.startsWith("..") || PERMITTED.has(`${path} → ${to}`)) continue;
      if (isTest(to)) found.push(`${path}: imports the test support ${to}`);
      if (one.typeOnly || to.endsWith(".css")) continue;
      if (sources.has(to)) edges.set(path, [...(edges.get(path) ?? []), to]);
      found.push(...roomBreaches(path, to));
    }
    if (SEEDED.has(room)) {
      for (const [call] of withoutComments(text).matchAll(/\b(Math\.random|Date\.now)\b/g)) {
        found.push(`${path}: calls ${call}`);
      }
    }
  }
  return [...found, ...cyclesOf(edges)];
}

function packageBreaches({ from, target, typeOnly }: Import, room: string): string[] {
  // Types of TensorFlow.js would bind a room to it all the same; of the others they are free.
  return PACKAGES.filter(
    ([pattern, rooms]) =>
      pattern.test(target) && !rooms.includes(room) && (!typeOnly || target.startsWith("@tensor")),
  ).map(() => `${from}: ${room} must not import ${target}`);
}

function roomBreaches(path: string, to: string): string[] {
  const [room, other] = [roomOf(path), roomOf(to)];
  if (room === other) return [];
  if (!(MAY_IMPORT[room] ?? []).includes(other)) return [`${path}: ${room} must not call ${other}`];
  const door = to.slice(other.length + 1);
  return (DOORS[other] ?? ["index.ts"]).includes(door)
    ? []
    : [`${path}: enters ${other} by ${door}, not by its door`];
}

/** Cycles among files, each named once by its path. */
function cyclesOf(edges: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) found.push(`cycle: ${[...trail.slice(at), path].join(" → ")}`);
    if (at >= 0 || done.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return found;
}

const SRC = new URL("./", import.meta.url);

function ownSources(): Sources {
  const paths = readdirSync(SRC, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => /^[^/]+\/.*\.tsx?$/.test(path) && !path.endsWith(".d.ts"));
  return new Map(paths.map((path) => [path, readFileSync(new URL(path, SRC), "utf8")]));
}

describe("the import law", () => {
  it("holds in every file", () => {
    const sources = ownSources();
    expect(sources.size).toBeGreaterThan(80);
    expect(breaches(sources)).toEqual([]);
  });

  it("has something to look at: imports are found in every room's door", () => {
    const sources = ownSources();
    for (const [path, text] of sources) {
      if (!/^(core|model|data|prune|runtime|train|analyze)\/index\.ts$/.test(path)) continue;
      expect(importsOf(path, text).length, path).toBeGreaterThan(1);
    }
  });
});

describe("the checker", () => {
  const check = (files: Readonly<Record<string, string>>): string[] =>
    breaches(new Map(Object.entries(files)));

  it.each([
    ["upwards", "core/a.ts", `import { x } from "../model/index.ts";`, "core must not call model"],
    [
      "sideways",
      "train/a.ts",
      `export * from "../analyze/index.ts";`,
      "train must not call analyze",
    ],
    [
      "to the engine from the page",
      "ui/A.tsx",
      `import { x } from "../runtime/index.ts";`,
      "ui must not call runtime",
    ],
    [
      "to the engine from a store",
      "state/a.ts",
      `import { x } from "../train/index.ts";`,
      "state must not call train",
    ],
    [
      "past a door",
      "files/a.ts",
      `import { x } from "../model/shapes.ts";`,
      "enters model by shapes.ts",
    ],
    [
      "into the worker's inside",
      "state/a.ts",
      `import { x } from "../worker/engine-host.ts";`,
      "enters worker by engine-host.ts",
    ],
    [
      "dynamically",
      "prune/a.ts",
      `const x = await import("../runtime/index.ts");`,
      "prune must not call runtime",
    ],
    [
      "for its effect",
      "model/a.ts",
      `import "../runtime/index.ts";`,
      "model must not call runtime",
    ],
    [
      "over several lines",
      "data/a.ts",
      `import {\n  a,\n  b,\n} from "../train/index.ts";`,
      "data must not call train",
    ],
    [
      "a type beside a value",
      "data/a.ts",
      `import { type A, b } from "../train/index.ts";`,
      "data must not call train",
    ],
    [
      "TensorFlow.js",
      "train/a.ts",
      `import * as tf from "@tensorflow/tfjs-core";`,
      "train must not import @tensorflow",
    ],
    [
      "TensorFlow.js' types",
      "train/a.ts",
      `import type { Tensor } from "@tensorflow/tfjs-core";`,
      "train must not import @tensorflow",
    ],
    [
      "React below the page",
      "worker/a.ts",
      `import { useState } from "react";`,
      "worker must not import react",
    ],
    [
      "Node below the command line",
      "files/a.ts",
      `import { readFileSync } from "node:fs";`,
      "files must not import node:fs",
    ],
    ["a room of its own making", "util/a.ts", ``, "util is no room"],
    [
      "test support",
      "model/a.ts",
      `import { x } from "./testing/x.ts";`,
      "imports the test support",
    ],
    ["dice", "prune/a.ts", `const x = Math.random();`, "calls Math.random"],
    ["a clock", "train/a.ts", `const t = Date.now();`, "calls Date.now"],
  ])("sees an import %s", (_, path, text, expected) => {
    const found = check({ [path]: text });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });

  it("sees a cycle, however long, and a file that imports itself", () => {
    expect(
      check({
        "core/a.ts": `import { b } from "./b.ts";`,
        "core/b.ts": `export { c } from "./c.ts";`,
        "core/c.ts": `import { a } from "./a.ts";`,
      }),
    ).toEqual(["cycle: core/a.ts → core/b.ts → core/c.ts → core/a.ts"]);
    expect(check({ "core/a.ts": `import "./a.ts";` })).toHaveLength(1);
  });

  it.each([
    ["a type from above", "core/a.ts", `import type { N } from "../model/index.ts";`],
    ["a type through the back door", "ui/A.tsx", `import type { N } from "../model/network.ts";`],
    ["a re-exported type", "state/a.ts", `export type { N } from "../train/state.ts";`],
    ["what is below", "worker/a.ts", `import { x } from "../train/index.ts";`],
    ["the worker's client", "state/a.ts", `import { x } from "../worker/client.ts";`],
    ["its own files", "model/a.ts", `import { x } from "./ops/index.ts";`],
    ["style sheets", "app/main.tsx", `import "../ui/base.css";`],
    ["whatever a test wants", "core/a.test.ts", `import { x } from "../runtime/compile.ts";`],
    [
      "an import in a comment",
      "core/a.ts",
      `// import { x } from "../ui/a.ts";\n/* Math.random() */`,
    ],
    ["an import in a text", "core/a.ts", `const s = 'say: import { x } from "../ui/a.ts"';`],
    ["a package's file by address", "worker/a.ts", `import u from "@tensorflow/x/y.wasm?url";`],
    [
      "a file of ours by address",
      "worker/a.ts",
      `import u from "../runtime/x.wasm?url&no-inline";`,
    ],
    [
      "the loop of a kernel thread",
      "cli/a.ts",
      `import { x } from "../runtime/spmd/thread-loop.mjs";`,
    ],
    ["what lies beside src", "cli/a.ts", `import { version } from "../../package.json";`],
    ["a clock on the page", "ui/A.tsx", `const t = Date.now();`],
  ])("lets %s pass", (_, path, text) => {
    expect(check({ [path]: text })).toEqual([]);
  });
});

describe("TensorFlow.js", () => {
  it("is installed once: two copies of its core would each have their own tensors", () => {
    const require = createRequire(import.meta.url);
    const core = realpathSync(require.resolve("@tensorflow/tfjs-core"));
    for (const name of ["tfjs", "tfjs-backend-cpu", "tfjs-backend-wasm", "tfjs-backend-webgpu"]) {
      const home = dirname(require.resolve(`@tensorflow/${name}/package.json`));
      const seen = createRequire(`${home}/package.json`).resolve("@tensorflow/tfjs-core");
      expect(realpathSync(seen), name).toBe(core);
    }
  });
});
