/** @file The bounds on damaged files are held: what costs too much is named, and nothing else. */
import { describe, expect, it } from "vitest";
import { checkCosts, checkTime, type Open, processorMs } from "./bounds.ts";
import { collectRubbish, growthBetween, type Held, heldOf, seesPeaks } from "./memory.ts";

const MB = 2 ** 20;
const opened = (bytes: number) => ({ code: "opened", bytes });

/** Opens ten mutants. @returns which of them cost too much, and what was said of them */
async function costly(open: Open): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  const check = checkCosts(open, (number, text) => found.set(number, text));
  for (let number = 0; number < 10; number++) {
    // Rubbish of the one before would be given back meanwhile, and hide as much of what is taken.
    collectRubbish();
    await check(number);
  }
  return found;
}

describe.skipIf(!seesPeaks())("memory", () => {
  it("names the mutants whose peak is too high for their files, and no others", async () => {
    const found = await costly((number) => {
      // What is let go of again was there all the same. A file of 20 MB may take 124.
      if (number === 3) new Uint8Array(90 * MB).fill(1);
      if (number === 6) {
        const memory = new WebAssembly.Memory({ initial: 1 });
        memory.grow(1600);
        new Uint8Array(memory.buffer).fill(1);
      }
      if (number === 7) new Uint8Array(100 * MB).fill(1);
      return Promise.resolve(opened(number === 3 ? 20 * MB : 1000));
    });
    expect([...found.keys()]).toEqual([6, 7]);
    expect(found.get(7)).toMatch(/^took \d+\.\d MB for files of 0\.0 MB$/);
  });

  it("takes nothing for growth that was there before and came back", () => {
    const status = (peak: number, resident: number, ofFiles: number, swapped: number): Held =>
      heldOf(
        `Name:\tnode\nVmPeak:\t99999999 kB\nVmHWM:\t ${peak * 1024} kB\nVmRSS:\t ${resident * 1024} kB\n` +
          `RssAnon:\t 7 kB\nRssFile:\t ${ofFiles * 1024} kB\nVmSwap:\t ${swapped * 1024} kB\n`,
      ) as Held;
    const grew = (before: Held, after: Held): number => growthBetween(before, after) / MB;
    // Ninety megabytes of the program itself, and forty of its heap from the disk.
    expect(grew(status(300, 300, 10, 0), status(391, 390, 100, 0))).toBe(1);
    expect(grew(status(300, 300, 50, 40), status(341, 340, 50, 0))).toBe(1);
    // Pages that went meanwhile hide nothing of what was asked for.
    expect(grew(status(300, 300, 90, 0), status(1324, 250, 40, 50))).toBe(1024);
    // A gigabyte is one beside whatever came back.
    expect(grew(status(300, 300, 10, 40), status(1454, 430, 100, 0))).toBe(1024);
    expect(heldOf("Name:\tnode\nState:\tR (running)\n")).toBeUndefined();
  });

  it("gives up on figures that mean nothing, and says so once", async () => {
    const MUTANTS = 1000;
    let opens = 0;
    const said: string[] = [];
    const open: Open = () => {
      opens++;
      return Promise.resolve(opened(1000));
    };
    let looks = 0;
    // Much at each first glance, and nothing at the closer look behind it.
    const grow = async (work: () => Promise<void>): Promise<number> => {
      await work();
      return ++looks % 2 === 1 ? 2000 * MB : 0;
    };
    const check = checkCosts(open, (_, text) => said.push(text), grow);
    for (let number = 0; number < MUTANTS; number++) await check(number);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^21 of 21 mutants seemed to take much memory/);
    expect(opens).toBe(MUTANTS + 21);
  });
});

it("counts the time of the processor, and only where it is taken again and again", async () => {
  const works = (ms: number): void => {
    for (const start = processorMs(); processorMs() - start < ms;);
  };
  const found: number[] = [];
  const check = (open: Open, number: number) =>
    checkTime(number, open, (which) => found.push(which), 100);
  await check(() => Promise.resolve(opened(1)), 1);
  await check(() => {
    works(150);
    return Promise.resolve(opened(1));
  }, 2);
  let isFirst = true;
  await check(() => {
    if (isFirst) works(150);
    isFirst = false;
    return Promise.resolve(opened(1));
  }, 3);
  expect(found).toEqual([2]);
});
