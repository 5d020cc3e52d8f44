/** @file Pictures for a gallery without a dataset: a coloured blob on a coloured ground. */
import type { FeatureMaps } from "../../analyze/index.ts";
import { makeRandom } from "../../core/index.ts";
import { factsOfNode, type Network } from "../../model/index.ts";
import type { Gallery } from "../../worker/protocol.ts";

const SIDE = 32;

export function fakeGallery(count: number): Gallery {
  const pixels = new Uint8ClampedArray(count * SIDE * SIDE * 4);
  const labels: number[] = [];
  for (let image = 0; image < count; image++) {
    const random = makeRandom(image, 11);
    labels.push(image % 10);
    const [ground, blob] = [0, 1].map(() => [0, 1, 2].map(() => 40 + 190 * random.uniform()));
    const [cx, cy, r] = [
      10 + 12 * random.uniform(),
      10 + 12 * random.uniform(),
      5 + 8 * random.uniform(),
    ];
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) {
        const t = 1 / (1 + Math.exp((Math.hypot(x - cx, (y - cy) * 1.3) - r) * 0.9));
        const at = ((image * SIDE + y) * SIDE + x) * 4;
        for (let c = 0; c < 3; c++) {
          const shade = (ground?.[c] ?? 0) * (1 - t) + (blob?.[c] ?? 0) * t - y;
          pixels[at + c] = shade + 12 * (random.uniform() - 0.5);
        }
        pixels[at + 3] = 255;
      }
    }
  }
  return { indices: labels.map((_, i) => i), labels, pixels, height: SIDE, width: SIDE };
}

/** Ripples that differ from channel to channel and from image to image. */
export function fakeMaps(network: Network, node: string, image: number): FeatureMaps {
  const { shape } = factsOfNode(network, node);
  const [height = 1, width = 1, channels = 1] = shape.length === 3 ? shape : [1, 1, ...shape];
  const values = Float32Array.from({ length: height * width * channels }, (_, i) => {
    const [c, p] = [i % channels, Math.floor(i / channels)];
    return Math.max(0, Math.sin((p % width) * 0.3 + c + image) + Math.cos((p / width) * 0.4));
  });
  return { node, height, width, channels, values };
}
