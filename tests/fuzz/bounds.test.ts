/** @file The bounds on damaged files are held: what costs too much is named, and nothing else. */
import { expect, it } from "vitest";
import { checkTime, lookCloser, type Open, processorMs, takesMuch } from "./bounds.ts";
import { collectRubbish, seesPeaks } from "./memory.ts";

const MB = 2 ** 20;
const opened = (bytes: number) => ({ code: "opened", bytes });

it.skipIf(!seesPeaks())("name the one mutant whose peak is too high for its files", async () => {
  const open: Open = (number) => {
    // What is let go of again was there all the same. A file of 20 MB may take 124.
    const [size, bytes] = number === 7 ? [100, 1000] : [number === 3 ? 90 : 1, 20 * MB];
    new Uint8Array(size * MB).fill(1);
    return Promise.resolve(opened(bytes));
  };
  const found: number[] = [];
  const single = (number: number): Promise<boolean> => {
    // Rubbish from before would be given back meanwhile, and hide what is taken.
    collectRubbish();
    return takesMuch(number, number + 1, open);
  };
  expect([await single(3), await single(7)]).toEqual([false, true]);
  await lookCloser(0, 10, open, (number, text) => {
    found.push(number);
    expect(text).toMatch(/^took \d+\.\d MB for files of 0\.0 MB$/);
  });
  expect(found).toEqual([7]);
});

it("count the time of the processor, and only where it is taken again and again", async () => {
  const works = (ms: number): void => {
    for (const start = processorMs(); processorMs() - start < ms;);
  };
  const costly: number[] = [];
  const check = (open: Open, number: number) =>
    checkTime(number, open, (which) => costly.push(which), 100);
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
  expect(costly).toEqual([2]);
});
