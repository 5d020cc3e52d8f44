/**
 * @file What is lowered, run by the interpreter, against the composed reference: every op alone and
 * every chain, outputs, losses, gradients and running statistics. No kernel has a part in it.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { openInNode } from "../testing/backends.ts";
import { CASES } from "../testing/cases.ts";
import { beyond, distancesTo, referenceAnswers } from "../testing/conformance.ts";
import type { Answer } from "../testing/reference.ts";
import { whyNotLowered } from "./supported.ts";
import { backendOn } from "./testing/backends.ts";
import { interpreter } from "./testing/interpreter.ts";

const LOWERED = CASES.filter(({ network }) => whyNotLowered(network) === undefined);
const limit = (name: string): number =>
  name === "output" || /\/(mean|variance)$/.test(name) ? 1e-5 : 1e-4;

let answers: ReadonlyMap<string, Answer>;
beforeAll(async () => {
  answers = await referenceAnswers(LOWERED, () => openInNode("cpu"));
});

describe("what is lowered", () => {
  it("is everything but a softmax inside the network", () => {
    const others = CASES.filter((one) => !LOWERED.includes(one)).map(({ name }) => name);
    expect(others).toEqual(["softmax in the middle"]);
  });

  it.each(LOWERED.map((one, at) => [one.name, one, 1 + (at % 3)] as const))(
    "answers as the composed reference does: %s",
    async (name, one, threads) => {
      const answer = answers.get(name);
      expect.assert(answer !== undefined);
      const found = await distancesTo(answer, one, backendOn(interpreter({ threads })));
      expect(beyond(found, limit)).toEqual({});
    },
  );
});
