/** @file How many images are run at once when nobody says. */
import { describe, expect, it } from "vitest";
import { GraphBuilder, initialize, type Network } from "../model/index.ts";
import { readArgs, type Args } from "./args.ts";
import { evaluationBatch, openInNode } from "./backend.ts";
import { RUN_OPTIONS } from "./command.ts";

const args = (...argv: string[]): Args => readArgs(argv, { positionals: [], options: RUN_OPTIONS });

/** Few weights, but at 1024 pixels maps of 67 MB an image. */
function spacious(side: number): Network {
  const b = new GraphBuilder();
  const maps = b.relu("relu", b.conv("conv", b.input([side, side, 3]), { filters: 16 }));
  return initialize(b.finish("spacious", b.add("pool", { kind: "globalAveragePool" }, maps)), {
    seed: 1,
  });
}

describe("evaluationBatch", () => {
  it("takes 64, or half as many until they fit, or what it is told", async () => {
    const backend = await openInNode(args());
    expect(await evaluationBatch(args(), spacious(32), backend)).toBe(64);
    const chosen = await evaluationBatch(args(), spacious(1024), backend);
    expect([16, 32]).toContain(chosen);
    expect(await evaluationBatch(args("--batch", "5"), spacious(1024), backend)).toBe(5);
  });
});
