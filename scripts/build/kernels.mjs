/**
 * @file Builds the wasm kernels, when their sources have changed, from one AssemblyScript source:
 * `fma` (shared memory, relaxed SIMD with a fused multiply-add), `simd` (shared memory), and `single`
 * (memory of one thread). The instruction set's AssemblyScript side is made from
 * `src/runtime/spmd/instructions.ts` on the way. Nothing built is committed.
 */

import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../setup/paths.mjs";
import { buildIfStale, fingerprintOf } from "./freshness.mjs";

const FOLDER = "src/runtime/kernels/wasm";
const TABLE = "src/runtime/spmd/instructions.ts";
const SOURCES = [`${FOLDER}/assembly`, TABLE, "scripts/build/kernels.mjs", "package-lock.json"];

/** What all builds share: SIMD, the memory comes from outside, no runtime, no checks. */
const COMMON = [
  "--importMemory",
  "--noAssert",
  "-O3",
  "--runtime=stub",
  "--enable=simd,bulk-memory",
];
const SHARED = ["--enable=threads", "--sharedMemory", "--maximumMemory=65536"];
const VARIANTS = {
  fma: [...COMMON, ...SHARED, "--enable=relaxed-simd"],
  simd: [...COMMON, ...SHARED],
  single: COMMON,
};

/**
 * @param {(text: string) => void} say
 * @returns {Promise<void>}
 * @throws when a source does not compile, or when what comes out would write over foreign memory
 */
export async function ensureKernels(say) {
  const built = join(ROOT, FOLDER, "built");
  await buildIfStale({
    mark: join(built, ".built-from"),
    fingerprint: fingerprintOf(ROOT, SOURCES),
    build: async () => {
      say("Building the kernels …");
      mkdirSync(built, { recursive: true });
      const generated = join(ROOT, FOLDER, "assembly", "instructions.generated.ts");
      writeFileSync(`${generated}.${process.pid}.part`, await instructionsText());
      renameSync(`${generated}.${process.pid}.part`, generated);
      for (const [name, options] of Object.entries(VARIANTS)) {
        await compile(join(ROOT, FOLDER, "assembly", "index.ts"), join(built, name), options);
      }
    },
  });
}

/**
 * Files appear whole: another process may be building or loading the same ones.
 *
 * @param {string} entry
 * @param {string} output without an ending
 * @param {readonly string[]} options
 */
async function compile(entry, output, options) {
  const { default: asc } = await import("assemblyscript/asc");
  const part = `${output}.${process.pid}.part`;
  const files = ["--outFile", `${part}.wasm`, "--textFile", `${part}.wat`];
  let complaint = "";
  const stderr = { write: (/** @type {unknown} */ text) => void (complaint += String(text)) };
  const { error } = await asc.main([entry, ...files, ...options], { stderr });
  if (error !== null) throw new Error(`the kernels do not compile:\n${complaint}`);
  assertHarmless(readFileSync(`${part}.wat`, "utf8"), output);
  for (const ending of ["wat", "wasm"]) renameSync(`${part}.${ending}`, `${output}.${ending}`);
}

/**
 * The kernels live in memory that belongs to someone else: a data segment would be written over it
 * when a module starts, and a start function would run at an address that nobody gave it.
 *
 * @param {string} text the module in wat
 * @param {string} name
 * @throws when it brings a data segment or a start function
 */
export function assertHarmless(text, name) {
  const found = /^\s*\((data|start)\b/m.exec(text);
  if (found !== null) throw new Error(`${name}.wasm has a ${found[1]} section: no kernel may`);
}

/** The table as AssemblyScript: one opcode and one namespace of inlined loads an instruction. */
async function instructionsText() {
  const { CONTROL, INSTRUCTIONS, OPCODES } = await readTable();
  const lines = [`/** @file Made from ${TABLE}; changes belong there. */`, ""];
  for (const [name, position] of Object.entries(CONTROL)) {
    lines.push(`export const CONTROL_${upper(name)}: usize = ${position * 4};`);
  }
  for (const [name, fields] of Object.entries(INSTRUCTIONS)) {
    lines.push("", `export const ${upper(name)}: i32 = ${OPCODES[name]};`);
    lines.push(`export namespace ${name}Words {`);
    fields.forEach((field, at) => {
      const [key, kind = "i32"] = field.split(":");
      lines.push(
        `  // @ts-ignore: decorator`,
        `  @inline export function ${key}(words: usize): ${kind} { return load<${kind}>(words, ${at * 4}); }`,
      );
    });
    lines.push("}");
  }
  return `${lines.join("\n")}\n`;
}

/** @param {string} name in camel case */
const upper = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

/**
 * @returns {Promise<{
 *   CONTROL: Record<string, number>,
 *   INSTRUCTIONS: Record<string, readonly string[]>,
 *   OPCODES: Record<string, number>,
 * }>}
 */
async function readTable() {
  const { transformWithOxc } = await import("vite");
  const { code } = await transformWithOxc(readFileSync(join(ROOT, TABLE), "utf8"), TABLE);
  return import(`data:text/javascript,${encodeURIComponent(code)}`);
}
