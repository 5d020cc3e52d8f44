/**
 * @file What a screen reader is told, in a real browser: what a cut comes to is said where it shows, and words that follow
 * the ratio for the eye follow it for the ear.
 */
import "./styles.ts";
import { afterEach, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import { known } from "../core/index.ts";
import { useWorkbench } from "../state/index.ts";
import SensitivityChart from "./charts/SensitivityChart.tsx";
import { onAnnounced } from "./parts/announce.ts";
import { useFrame } from "./parts/use-frame.ts";
import { useRest } from "./parts/use-rest.ts";
import { CutNotes } from "./prune/CutNotes.tsx";
import { Histogram } from "./prune/Histogram.tsx";
import { RatioControl } from "./prune/RatioControl.tsx";
import { StatusLine } from "./shell/StatusLine.tsx";
import { renderOn, startedBench } from "./testing/page.tsx";

let leave: (() => void) | undefined;
const stops: (() => void)[] = [];

afterEach(() => {
  leave?.();
  for (const stop of stops.splice(0)) stop();
  document.body.replaceChildren();
});

/** At most one sentence a second is said, and others may come before. */
const SAID = { timeout: 10_000 };

/** Everything that was said in a live region. */
function listen(): readonly string[] {
  const heard: string[] = [];
  const take = (): void => {
    const said = document.querySelector("[aria-live]")?.textContent ?? "";
    if (said !== "" && heard.at(-1) !== said) heard.push(said);
  };
  const observer = new MutationObserver(take);
  observer.observe(document.body, { subtree: true, childList: true, characterData: true });
  stops.push(() => observer.disconnect());
  return heard;
}

/** How often the ratio has come to rest, as whoever tells of it has seen it. */
let rested = 0;

function Resting() {
  const { slider } = useWorkbench();
  const rest = useRest(() => {
    rested += 1;
  });
  useFrame([slider], rest);
  return null;
}

it("says once that the network guesses, and at the slider what was measured", async () => {
  const bench = await startedBench();
  leave = await renderOn(
    bench,
    <>
      <RatioControl />
      <CutNotes />
      <Resting />
      <StatusLine />
    </>,
  );
  const heard = listen();
  const slider = page.getByRole("slider", { name: "Ratio" });
  await expect
    .element(slider)
    .toHaveAttribute("aria-valuetext", expect.stringMatching(/accuracy, measured, /));
  bench.commands.setRatio(0.95);
  await expect
    .element(slider)
    .toHaveAttribute(
      "aria-valuetext",
      expect.stringMatching(/^95\s%, 1\d\.\d\s% accuracy, measured, guessing, .* MACs$/),
    );
  const says = (): number => heard.filter((text) => text === "The network guesses now.").length;
  await expect.poll(says, SAID).toBe(1);
  await expect.poll(() => heard.some((text) => text.endsWith("(guard)")), SAID).toBe(true);
  const [rests, told] = [rested, [] as string[]];
  stops.push(onAnnounced((_about, text) => told.push(text)));
  bench.commands.setRatio(0.955);
  await expect
    .element(slider)
    .toHaveAttribute("aria-valuetext", expect.stringMatching(/^95\.5\s%, /));
  await expect.poll(() => rested).toBeGreaterThan(rests);
  // The notes may have painted a frame later.
  for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
  expect(told).toEqual([]);
  expect(says()).toBe(1);
});

it("keeps what is read of a bar to what the ratio takes of it", async () => {
  const bench = await startedBench();
  leave = await renderOn(bench, <Histogram />);
  const bars = page.getByRole("slider", { name: "Bar to read" });
  await expect.element(bars).toBeVisible();
  bars.element().focus();
  await userEvent.keyboard("{ArrowRight}");
  await expect
    .element(bars)
    .toHaveAttribute("aria-valuetext", expect.stringMatching(/: \d+ channels?$/));
  bench.commands.setRatio(0.7);
  await expect.element(bars).toHaveAttribute("aria-valuetext", expect.stringMatching(/, all go$/));
  bench.commands.setRatio(0);
  await expect
    .element(bars)
    .toHaveAttribute("aria-valuetext", expect.stringMatching(/: \d+ channels?$/));
});

it("says at a curve why its layer stays as it is, until the focus leaves", async () => {
  const bench = await startedBench();
  await bench.commands.computeSensitivity();
  const commands = { ...bench.commands, keepAsMeasured: () => "Not as it was measured." };
  leave = await renderOn(
    { ...bench, commands },
    <>
      <SensitivityChart />
      <button type="button">Elsewhere</button>
    </>,
  );
  const point = page
    .getByRole("toolbar", { name: /^Curves/ })
    .getByRole("button")
    .first();
  await expect.element(point).toBeInTheDocument();
  const refused = page.getByRole("alert");
  known(point.element() as SVGElement, "point").focus();
  await userEvent.keyboard("{ArrowRight}{Enter}");
  await expect.element(refused).toHaveTextContent("Not as it was measured.");
  await userEvent.keyboard("{ArrowRight}");
  await expect.element(refused).toBeVisible();
  page.getByRole("button", { name: "Elsewhere" }).element().focus();
  await expect.element(refused).not.toBeInTheDocument();
});
