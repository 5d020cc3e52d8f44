/** @file A network's surgery through every format that can say it, and records that do not fit. */
import { describe, expect, it } from "vitest";
import { explain } from "../core/index.ts";
import { refusal } from "../core/testing/refusal.ts";
import { type Network, type SurgeryRecord } from "../model/index.ts";
import { cutNetwork, noteTraining, originsOf, planAt, preparePruning } from "../prune/index.ts";
import { readMetadata } from "./graph.ts";
import { openFiles } from "./open.ts";
import { zoo } from "./testing/samples.ts";
import { exportNetwork } from "./write.ts";

function halved(network: Network): Network {
  const plan = planAt(preparePruning(network, "bn-scale"), { ratio: 0.4 });
  return noteTraining(cutNetwork(network, plan).network, 3);
}

const cut = halved(halved(zoo("preresnet-11:width=0.25")));

describe("surgery", () => {
  it.each(["tfjs", "safetensors", "onnx"] as const)("comes back from %s", async (format) => {
    const { files } = await exportNetwork(cut, format);
    const [opened] = await openFiles(
      files.map(({ name, bytes }) => new File([Uint8Array.from(bytes)], name)),
    );
    if (opened?.kind !== "network") throw new Error("no network");
    const { metadata } = opened.network;
    expect(metadata.surgery).toEqual(cut.metadata.surgery);
    expect(metadata.surgery?.history.map(({ kind }) => kind)).toEqual([
      "cut",
      "trained",
      "cut",
      "trained",
    ]);
    expect(originsOf(opened.network)).toEqual(originsOf(cut));
  });

  const record = structuredClone(cut.metadata.surgery) as SurgeryRecord;
  const [name = "", origin] =
    Object.entries(record.origins).find(([, { kept }]) => kept.length > 2) ?? [];
  const [step] = record.history;
  const withOrigin = (change: object) => ({
    ...record,
    origins: { ...record.origins, [name]: { ...origin, ...change } },
  });
  const withGroups = (group: object) => withPlan({ groups: [{ name: "a", of: 2, ...group }] });
  const withPlan = (change: object) => ({
    ...record,
    history: [{ ...step, plan: { ...(step as { plan: object }).plan, ...change } }],
  });

  it.each<[string, unknown, RegExp]>([
    ["a list", [], /surgery › origins: this part is missing/],
    ["no history", { origins: {} }, /surgery › history: this part is missing/],
    ["origins in a list", { ...record, origins: [] }, /surgery › origins/],
    ["a stray node", { ...record, origins: { ghost: origin } }, /origins › ghost: .*no such node/],
    ["another count", withOrigin({ kept: [0] }), /expected \d+ places, found 1/],
    ["places beyond the layer", withOrigin({ of: 1 }), /expected places up to 0/],
    ["places below it", withOrigin({ kept: origin?.kept.map(() => -2) }), /a count and places/],
    ["no places", withOrigin({ kept: undefined }), /a node, a count and places/],
    ["a foreign field", withOrigin({ more: 1 }), /a node, a count and places/],
    ["a fraction of a place", withOrigin({ kept: origin?.kept.map((p) => p + 0.5) }), /a count/],
    ["an unknown step", { ...record, history: [{ kind: "sewn" }] }, /history › 0 › kind/],
    ["a share above 1", withPlan({ achieved: 1.5 }), /plan › achieved/],
    ["a threshold without a number", withPlan({ threshold: "low" }), /plan › threshold/],
    ["an empty layer", withGroups({ kept: [] }), /groups › 0 › kept/],
    ["channels twice", withGroups({ kept: [1, 1] }), /0 › a: .*rising places from 0 to 1, found 1/],
    [
      "too many steps",
      { ...record, history: Array.from({ length: 4097 }, () => ({ kind: "trained", steps: 1 })) },
      /surgery › history/,
    ],
  ])("is refused with %s", async (_, surgery, sentence) => {
    const error = await refusal(() => readMetadata({ surgery }, cut, "x.json › metadata"));
    expect(error.code).toBe("files/bad-field");
    expect(explain(error)).toMatch(sentence);
    expect(explain(error)).toMatch(/^x\.json › metadata › surgery.*\.$/);
  });

  it("is not written when it does not fit", async () => {
    const network = { ...cut, metadata: { surgery: withOrigin({ kept: [0] }) as SurgeryRecord } };
    expect((await refusal(() => exportNetwork(network, "tfjs"))).code).toBe("files/bad-field");
  });
});
