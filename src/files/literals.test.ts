/** @file A stranger's names in every piece of code that we write: never more than names. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { known } from "../core/index.ts";
import { GraphBuilder, initialize, type Network } from "../model/index.ts";
import { bundleOf } from "./bundle/testing/bundle.ts";
import { entriesOf } from "./bundle/testing/run-code.ts";
import { listed, quoted } from "./literals.ts";
import { snippetsFor } from "./snippets.ts";

/** Whatever ends a line somewhere: in JavaScript, in Python, in Markdown, in an editor. */
const LINE_END = /[\n\r\v\f\u0085\u2028\u2029]/;
/** A line that would be seen as code of its own, were it one. */
const ATTACK = "attack()";
const ENDS = ["\n", "\r", "\u2028", "\u2029", "\u0085", "\v", "\f"];
const HOSTILE = `x${ENDS.map((end) => `${end}${ATTACK} //`).join("")}"; ${ATTACK}`;

/** A network in which every text is hostile. */
function hostile(): Network {
  const b = new GraphBuilder();
  const conv = b.conv(`conv ${HOSTILE}`, b.input([6, 6, 3]), { filters: 2, bias: true });
  const pool = b.add(`pool ${HOSTILE}`, { kind: "globalAveragePool" }, conv);
  const dense = b.add(`fc ${HOSTILE}`, { kind: "dense", units: 2, bias: true }, pool);
  const classes = [`cat ${HOSTILE}`, "dog\u202e"];
  return { ...initialize(b.finish(HOSTILE, dense), { seed: 1 }), metadata: { classes } };
}

describe("quoted", () => {
  it("is one line that reads back as the text, whatever it was", () => {
    const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 });
    fc.assert(
      fc.property(units, (codes) => {
        const text = String.fromCharCode(...codes);
        expect(JSON.parse(quoted(text))).toBe(text);
        expect(quoted(text)).not.toMatch(LINE_END);
      }),
    );
    for (const end of ENDS) expect(quoted(`a${end}b`)).toMatch(/^"a\\[a-z0-9]+b"$/);
    expect(JSON.parse(quoted(HOSTILE))).toBe(HOSTILE);
  });

  it("shows what would be unseen or turn the writing round", () => {
    expect(quoted("a\u202eb\u200bc\ufeff")).toBe(String.raw`"a\u202eb\u200bc\ufeff"`);
  });

  it("is what lists are made of", () => {
    expect(listed(["a\u2028", 0.5])).toBe(String.raw`["a\u2028", 0.5]`);
  });
});

describe("code that we write for a hostile network", () => {
  it("has no line that a name has made, in load.mjs, load.py, network.py and README.md", async () => {
    const network = hostile();
    const entries = entriesOf((await bundleOf(network)).bytes);
    for (const name of ["load.mjs", "load.py", "network.py", "README.md"]) {
      const text = new TextDecoder().decode(known(entries.get(name), name));
      expectHarmless(text, name);
      expect(text, name).toContain(ATTACK);
    }
  });

  it("has none in what is shown to be copied", () => {
    const formats = [
      "tfjs",
      "onnx",
      "torch",
      "torch-safetensors",
      "safetensors",
      "bundle",
    ] as const;
    for (const format of formats) {
      for (const { title, code } of snippetsFor(format, hostile())) {
        expectHarmless(code, `${format} › ${title}`);
      }
    }
  });
});

/** A name may stand inside a line; it may not begin one. */
function expectHarmless(text: string, name: string): void {
  const lines = text.split(LINE_END);
  expect(
    lines.filter((line) => line.trimStart().startsWith(ATTACK)),
    name,
  ).toEqual([]);
}
