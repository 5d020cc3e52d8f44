/**
 * @file What we write, run by other people's programs: the same sixteen images, outputs within 1e-4 of
 * ours. A program that is not on this machine is skipped by name, with the reason; bench/README.md
 * tells where each comes from.
 */
import { describe, expect, it } from "vitest";
import { notRun, whyNoPython } from "../../src/files/testing/python.ts";
import { awkward } from "../../src/files/testing/samples.ts";
import type { Network } from "../../src/model/index.ts";
import { cut, NETWORKS } from "./networks.ts";
import { distances, PEERS } from "./peers/index.ts";
import { checkOnnx } from "./peers/pytorch.ts";

const WITHIN = 1e-4;
/** Starting Python and loading PyTorch takes seconds. */
const TIMEOUT = 60_000;

/** All networks, whole and cut by half, and the one with every corner. */
const SAMPLES: readonly (readonly [name: string, network: Network])[] = [
  ...Object.entries(NETWORKS).flatMap(([name, make]) => [
    [name, make()] as const,
    [`${name}, cut by half`, cut(make(), 0.5)] as const,
  ]),
  ["every corner", awkward()],
];
/** Refused by our writer for tfjs, as the table tests. */
const NOT_FOR_TFJS = /^an ELU of another slope|^padded pooling/;

describe("outputs of what we write", () => {
  for (const peer of PEERS) {
    const title = `${peer.name} agrees with ours`;
    it.skipIf(peer.missing)(`${title}${notRun(peer.missing)}`, { timeout: TIMEOUT }, async () => {
      const isTfjs = peer.name.includes("TensorFlow.js");
      const samples = SAMPLES.filter(([name]) => !(isTfjs && NOT_FOR_TFJS.test(name)));
      const found = await distances(
        peer,
        samples.map(([, network]) => network),
      );
      expect(found).toHaveLength(samples.length);
      for (const [i, [name]] of samples.entries()) expect(found[i], name).toBeLessThan(WITHIN);
    });
  }

  const noOnnx = whyNoPython("onnx");
  it.skipIf(noOnnx)(`onnx' own checker has no complaint${notRun(noOnnx)}`, () => {
    expect(checkOnnx(SAMPLES.map(([, network]) => network))).toBe("good");
  });
});
