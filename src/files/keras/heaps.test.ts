import { describe, expect, it } from "vitest";
import { hasEndlessHeap } from "./heaps.ts";

/** A collection of 80 bytes with one text of 5 and the rest free, and edits to it. */
function heap(edit: (view: DataView) => void = () => {}): Uint8Array {
  const bytes = new Uint8Array(100);
  const view = new DataView(bytes.buffer, 10);
  bytes.set([0x47, 0x43, 0x4f, 0x4c, 1], 10);
  view.setUint32(8, 80, true);
  view.setUint16(16, 1, true);
  view.setUint32(24, 5, true);
  view.setUint32(48, 40, true);
  edit(view);
  return bytes;
}

describe("a heap collection", () => {
  it("is walked to its end when it is sound", () => {
    expect(hasEndlessHeap(heap())).toBe(false);
  });

  it("is endless when free space has no size", () => {
    expect(hasEndlessHeap(heap((view) => view.setUint32(48, 0, true)))).toBe(true);
  });

  it("is endless when a size turns the walk back", () => {
    expect(hasEndlessHeap(heap((view) => view.setUint32(24, 0xffff_fff0, true)))).toBe(true);
  });

  it("is looked for at every place, and only under its name", () => {
    const text = new TextEncoder().encode("GGCOL GCOL GC");
    expect(hasEndlessHeap(text)).toBe(false);
    expect(hasEndlessHeap(heap((view) => (view.setUint32(48, 0, true), view.setUint8(4, 2))))).toBe(
      false,
    );
  });
});
