/** @file Painters that take turns: each shows the newest within two frames, and no two frames in a row. */
import { createRoot } from "react-dom/client";
import { afterEach, expect, test } from "vitest";
import { createStore, type StoreApi } from "../../state/index.ts";
import { useFrame, type Turn } from "./use-frame.ts";

let unmount = (): void => {};
afterEach(() => unmount());

const frame = (): Promise<void> =>
  new Promise((resolve) => {
    requestAnimationFrame(() => resolve());
  });

interface Probe {
  readonly store: StoreApi<number>;
  /** What each has painted since it was there. */
  readonly painted: Record<Turn | "every", number[]>;
}

function Painter({ probe, turn }: { readonly probe: Probe; readonly turn?: Turn }) {
  const { store, painted } = probe;
  useFrame([store], () => painted[turn ?? "every"].push(store.getState()), turn);
  return null;
}

async function show(): Promise<Probe> {
  const store = createStore<number>(() => 0);
  const probe: Probe = { store, painted: { even: [], odd: [], every: [] } };
  const root = createRoot(document.createElement("div"));
  unmount = () => root.unmount();
  root.render(
    <>
      <Painter probe={probe} />
      <Painter probe={probe} turn="even" />
      <Painter probe={probe} turn="odd" />
    </>,
  );
  await expect.poll(() => probe.painted.odd.length).toBeGreaterThan(0);
  for (const list of Object.values(probe.painted)) list.length = 0;
  return probe;
}

test("a single change is painted by all within two frames", async () => {
  const { store, painted } = await show();
  store.setState(7, true);
  await frame();
  await frame();
  // The painters' frame may come after this one's callback.
  await frame();
  expect(painted).toEqual({ even: [7], odd: [7], every: [7] });
});

test("of changes in every frame, each turn paints every other one, and the last", async () => {
  const { store, painted } = await show();
  for (let i = 1; i <= 6; i++) {
    store.setState(i, true);
    await frame();
  }
  await frame();
  await frame();
  const { even, odd, every } = painted;
  expect(every).toEqual([1, 2, 3, 4, 5, 6]);
  expect([even.at(-1), odd.at(-1)]).toEqual([6, 6]);
  // Three each, and the one whose turn the last change has missed once more.
  expect([even.length, odd.length].toSorted((a, b) => a - b)).toEqual([3, 4]);
  expect(even.filter((i) => i < 6 && odd.includes(i))).toEqual([]);
});
