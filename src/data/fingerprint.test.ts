import { expect, it } from "vitest";
import { fingerprintImages, type Dataset } from "./index.ts";
import { randomImages } from "./testing/images.ts";

it("is the same for the same images, whatever they are called", async () => {
  const found = await fingerprintImages(randomImages(20));
  const renamed = { ...randomImages(20), name: "others", classes: ["a"] };
  expect(await fingerprintImages(renamed)).toBe(found);
  expect(found).toMatch(/^[0-9a-f]{64}$/);
});

it("is another for every pixel, label and size, of more images than are hashed at once", async () => {
  const pixels = new Uint8Array((1 << 23) + 192);
  const labels = new Uint8Array(pixels.length / 192);
  const dataset: Dataset = { name: "many", classes: ["a", "b"], shape: [8, 8, 3], pixels, labels };
  const seen = new Set([await fingerprintImages(dataset)]);
  for (const at of [0, (1 << 23) - 1, 1 << 23, pixels.length - 1]) {
    const other = pixels.slice();
    other[at] = 1;
    seen.add(await fingerprintImages({ ...dataset, pixels: other }));
  }
  const relabelled = labels.slice();
  relabelled[relabelled.length - 1] = 1;
  seen.add(await fingerprintImages({ ...dataset, labels: relabelled }));
  seen.add(await fingerprintImages({ ...dataset, shape: [4, 16, 3] }));
  expect(seen.size).toBe(7);
});
