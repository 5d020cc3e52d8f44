/** @file A pasted text is a link, an address or nothing; no text makes the page fail. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { elsewhereSentence, readPasted } from "./pasted.ts";

it("knows a link of its own wherever it was made, and by its end alone", () => {
  for (const before of [
    "",
    "https://espalier.example/app/",
    "http://localhost:4173/?backend=wasm",
  ]) {
    expect(readPasted(` ${before}#v1=abc-_9\n`)).toEqual({ kind: "link", hash: "#v1=abc-_9" });
  }
  expect(readPasted("see #v1=abc")).toBeNull();
});

it("says of what is elsewhere what it is and where, without fetching it", () => {
  const found = readPasted("https://models.example/nets/resnet20.onnx?download=1#readme");
  expect(found).toEqual({ kind: "elsewhere", name: "resnet20.onnx", host: "models.example" });
  if (found?.kind !== "elsewhere") return;
  expect(elsewhereSentence(found)).toBe(
    "Espalier fetches nothing from other places, so that nothing of yours leaves this page; save resnet20.onnx from models.example to a file, then drop it here.",
  );
  expect(readPasted("https://models.example")).toMatchObject({ name: "models.example" });
});

it("has nothing to do with any other text", () => {
  for (const text of ["", "hello", "conv1=32", "mailto:a@b.example", "two words", "x:y#"]) {
    expect(readPasted(text), text).toBeNull();
  }
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.webUrl()), (text) => {
      const found = readPasted(text);
      if (found?.kind === "elsewhere") expect(found.name.length).toBeLessThanOrEqual(80);
    }),
  );
});
