/** @file Speaking under a clock of its own. */
import * as fc from "fast-check";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { APART_MS, createSpeaker } from "./speaker.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Everything said, with its time. */
function listen() {
  const heard: { readonly text: string; readonly at: number }[] = [];
  const speaker = createSpeaker((text) => heard.push({ text, at: performance.now() }));
  return { heard, speaker };
}

it("says the first thing at once and leaves out what is overtaken", () => {
  const { heard, speaker } = listen();
  for (let done = 1; done <= 30; done++) {
    speaker.tell(`${done} of 30`);
    vi.advanceTimersByTime(100);
  }
  speaker.tell("Ready");
  vi.advanceTimersByTime(5000);
  expect(heard.map(({ text }) => text)).toEqual([
    "1 of 30",
    "10 of 30",
    "20 of 30",
    "30 of 30",
    "Ready",
  ]);
});

it("never speaks twice within a second, and always ends with the last word", () => {
  const told = fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), fc.nat(1500)), { minLength: 1 });
  fc.assert(
    fc.property(told, (all) => {
      const { heard, speaker } = listen();
      for (const [text, wait] of all) {
        speaker.tell(text);
        vi.advanceTimersByTime(wait);
      }
      vi.advanceTimersByTime(APART_MS);
      heard.slice(1).forEach(({ text, at }, i) => {
        expect(at - (heard[i]?.at ?? 0)).toBeGreaterThanOrEqual(APART_MS);
        expect(text).not.toBe(heard[i]?.text);
      });
      expect(heard.at(-1)?.text).toBe(all.at(-1)?.[0]);
    }),
  );
});

it("says what must be heard before what goes on, once, and not what was taken back", () => {
  const { heard, speaker } = listen();
  speaker.tell("Evaluating");
  vi.advanceTimersByTime(100);
  speaker.insist("left", "The network guesses now.");
  speaker.insist("guards", "conv9 kept its last channel");
  speaker.tell("Measured");
  speaker.insist("guards", "");
  vi.advanceTimersByTime(5000);
  speaker.insist("left", "The network guesses now.");
  vi.advanceTimersByTime(5000);
  speaker.insist("left", "The network guesses now.");
  vi.advanceTimersByTime(5000);
  expect(heard.map(({ text }) => text)).toEqual([
    "Evaluating",
    "The network guesses now.",
    "Measured",
    "The network guesses now.",
    "",
    "The network guesses now.",
  ]);
});

it("says nothing once it was stopped", () => {
  const { heard, speaker } = listen();
  speaker.tell("Evaluating");
  speaker.stop();
  vi.advanceTimersByTime(5000);
  expect(heard).toEqual([]);
});
