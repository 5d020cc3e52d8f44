/** @file The slider's callout is for a first visit: what is remembered, and where nothing can be. */
import { expect, it } from "vitest";
import { createFirstVisit } from "./first-visit.ts";
import { createRemembered, type TextStorage } from "./remembered.ts";

function createStorage(): TextStorage {
  const texts = new Map<string, string>();
  return {
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, text) => void texts.set(key, text),
  };
}

it("is over for good once the ratio was moved, in this browser", () => {
  const storage = createStorage();
  const first = createFirstVisit(createRemembered(() => storage));
  expect(first.store.getState().hasMoved).toBe(false);
  first.commands.noticeMove();
  expect(first.store.getState().hasMoved).toBe(true);
  expect(createFirstVisit(createRemembered(() => storage)).store.getState().hasMoved).toBe(true);
  expect(createFirstVisit(createRemembered(createStorage)).store.getState().hasMoved).toBe(false);
});

it("is over for the visit where the browser keeps nothing", () => {
  const refused = createRemembered(() => {
    throw new Error("storage is refused");
  });
  const first = createFirstVisit(refused);
  expect(first.store.getState().hasMoved).toBe(false);
  first.commands.noticeMove();
  expect(first.store.getState().hasMoved).toBe(true);
});
