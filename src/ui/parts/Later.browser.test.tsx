/** @file What comes later comes piece by piece, in the page's order, and one that is gone holds up no other. */
import { useEffect, useLayoutEffect } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Later } from "./Later.tsx";

let root: Root;
let place: HTMLElement;
beforeEach(() => {
  place = document.createElement("div");
  root = createRoot(place);
});
afterEach(() => root.unmount());

const text = (): string => place.textContent;

test("each is rendered by itself: those beside each other in turn, the one within after them", async () => {
  const seen: string[] = [];
  const Piece = ({ name }: { readonly name: string }) => {
    useLayoutEffect(() => void seen.push(text()));
    return name;
  };
  root.render(
    <>
      <Piece name="a" />
      <Later before="…">
        <Piece name="b" />
        <Later>
          <Piece name="d" />
        </Later>
      </Later>
      <Later>
        <Piece name="c" />
      </Later>
    </>,
  );
  await expect.poll(text).toBe("abdc");
  expect(seen).toEqual(["a…", "ab", "abc", "abdc"]);
});

test("one that leaves while it is on its way makes room for the next", async () => {
  const Leaving = () => {
    // In the same moment in which the first asks to come.
    useEffect(() => root.render(<Later key="second">there</Later>), []);
    return (
      <Later key="first">
        <Later>never</Later>
      </Later>
    );
  };
  root.render(<Leaving />);
  await expect.poll(text).toBe("there");
});

test("one that cannot be rendered holds up no other", async () => {
  const Broken = (): never => {
    throw new Error("broken");
  };
  const failed: unknown[] = [];
  root = createRoot(place, { onUncaughtError: (error) => failed.push(error) });
  root.render(
    <Later>
      <Broken />
    </Later>,
  );
  await expect.poll(() => failed.length).toBe(1);
  root.unmount();
  root = createRoot(place);
  root.render(<Later>there</Later>);
  await expect.poll(text).toBe("there");
});
