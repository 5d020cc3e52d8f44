/**
 * @file How much JavaScript the first paint waits for: the entry of the built page, the parts of the program
 * that it fetches at once, what both import, and plain scripts, gzipped as a server would. The budget is 250 kB; TensorFlow.js must be
 * in none of it. Needs `npm run build`.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { projectFolder } from "../src/cli/project.ts";
import { sayWhere } from "./machine.ts";

const BUDGET_KB = 250;
const DIST = join(projectFolder(), "dist");
/** A name that tfjs-core gives its table of kernels, which no minifier can change. */
const TFJS_MARK = "kernelRegistry";
const STATIC_IMPORT = /(?:\bfrom|\bimport)\s*["'](\.{0,2}\/[^"']+\.js)["']/g;

interface Piece {
  readonly path: string;
  readonly text: string;
  readonly gzipped: number;
}

function read(path: string): Piece {
  const bytes = readFileSync(join(DIST, path));
  return { path, text: bytes.toString("utf8"), gzipped: gzipSync(bytes, { level: 9 }).length };
}

/** The scripts of the page and everything that they import before they run. */
function firstPaint(): Map<string, Piece> {
  const html = readFileSync(join(DIST, "index.html"), "utf8");
  const tags = html.match(/<(?:script|link)\b[^>]*>/g) ?? [];
  const open = tags
    .filter((tag) => /^<script|rel="modulepreload"/.test(tag))
    .flatMap((tag) => /(?:src|href)="\/?([^"]+\.js)"/.exec(tag)?.[1] ?? []);
  const found = new Map<string, Piece>();
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (found.has(path)) continue;
    const piece = read(path);
    found.set(path, piece);
    for (const [, target = ""] of piece.text.matchAll(STATIC_IMPORT)) {
      open.push(new URL(target, `http://x/${path}`).pathname.slice(1));
    }
  }
  return found;
}

const kB = (bytes: number): string => `${(bytes / 1000).toFixed(1).padStart(8)} kB`;

sayWhere("size");
if (!existsSync(join(DIST, "index.html"))) {
  console.error("There is no dist/index.html: run `npm run build` first.");
  process.exitCode = 1;
} else {
  const first = firstPaint();
  const total = [...first.values()].reduce((sum, { gzipped }) => sum + gzipped, 0);
  console.log("JavaScript before the first paint, gzipped:");
  for (const { path, gzipped } of first.values()) console.log(`${kB(gzipped)}  ${path}`);
  const share = total / 1000 / BUDGET_KB;
  console.log(
    `${kB(total)}  together, ${(share * 100).toFixed(0)} % of the ${BUDGET_KB} kB budget`,
  );
  const early = [...first.values()].filter(({ text }) => text.includes(TFJS_MARK));
  console.log(`TensorFlow.js among it: ${early.map(({ path }) => path).join(", ") || "no"}\n`);

  console.log("Loaded later, gzipped (workers, their chunks, dialogs):");
  const later = readdirSync(join(DIST, "assets"))
    .filter((name) => name.endsWith(".js") && !first.has(`assets/${name}`))
    .map((name) => read(`assets/${name}`))
    .toSorted((a, b) => b.gzipped - a.gzipped);
  for (const { path, gzipped, text } of later) {
    console.log(`${kB(gzipped)}  ${path}${text.includes(TFJS_MARK) ? "  (TensorFlow.js)" : ""}`);
  }
}
