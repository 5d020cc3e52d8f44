/**
 * @file What hangs over the page and where the keyboard is, in a real browser: words and refusals can be gone over to
 * and dismissed by themselves, and the focus survives what is hidden or removed meanwhile.
 */
import "./styles.ts";
import type { ReactNode } from "react";
import { afterEach, expect, it, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { known } from "../core/index.ts";
import { useMethod, usePage } from "../state/index.ts";
import type { Workbench } from "../state/index.ts";
import { Kept } from "./load/Kept.tsx";
import { CurvePoints } from "./prune/CurvePoints.tsx";
import { KeptHandle } from "./prune/KeptHandle.tsx";
import { RowDetails } from "./prune/RowDetails.tsx";
import { useSheetModel } from "./prune/use-sheet-model.ts";
import { renderOn, startedBench } from "./testing/page.tsx";

let unmount: (() => void) | undefined;

afterEach(() => {
  vi.useRealTimers();
  unmount?.();
  document.body.replaceChildren();
});

async function render(bench: Workbench, what: ReactNode): Promise<void> {
  unmount = await renderOn(bench, what);
}

/** Beyond any pause of the page's, ms. */
const LONG = 1_000;

const NOBODY: ReadonlySet<number> = new Set();
const onLeave = vi.fn();

/** What stands over the sheet's rows, without what is painted below. */
function Over() {
  const session = usePage((state) => state.session);
  const pruning = useMethod((state) => state.pruning);
  return session !== null && pruning !== null && <OverRows session={session} pruning={pruning} />;
}

type Parts = Pick<Parameters<typeof useSheetModel>[0], "session" | "pruning">;

function OverRows({ session, pruning }: Parts) {
  const view = { width: 900, folded: NOBODY, zoomed: null, covered: 0 };
  const model = useSheetModel({ session, pruning, ...view });
  return (
    <div style={{ position: "relative", width: 900, height: model.rows.height }}>
      <KeptHandle
        model={model}
        widthsOf={pruning.widthsOf}
        onLeave={onLeave}
        onAway={() => undefined}
      />
      <CurvePoints model={model} keptAlone={pruning.keptAlone} onAway={() => undefined} />
    </div>
  );
}

const handle = page.getByRole("slider");
const alert = page.getByRole("alert");

it("keeps the focus on a layer's handle while the network before the cut is held", async () => {
  const bench = await startedBench();
  const { commands, slider } = bench;
  commands.setRatio(0.5);
  const { of } = known(bench.method.getState().pruning?.layers[3], "layer");
  const kept = String(slider.getState().preview?.kept[3]);
  await render(bench, <Over />);
  commands.hover(3);
  await expect.element(handle).toHaveAttribute("aria-valuenow", kept);
  handle.element().focus();
  commands.showUncut(true);
  // It says what is shown, and changes nothing of it.
  await expect.element(handle).toHaveAttribute("aria-valuenow", String(of));
  await expect.element(handle).toHaveAttribute("aria-disabled", "true");
  await userEvent.keyboard("{ArrowLeft}{Backspace}");
  expect(document.activeElement).toBe(handle.element());
  commands.showUncut(false);
  await expect.element(handle).toHaveAttribute("aria-valuenow", kept);
  expect(document.activeElement).toBe(handle.element());
  await userEvent.keyboard("{ArrowLeft}");
  expect(slider.getState().preview?.kept[3]).toBe(Number(kept) - 1);
  // Nobody is on it: then there is nothing to drag.
  handle.element().blur();
  commands.showUncut(true);
  await expect.element(handle).not.toBeInTheDocument();
});

it("says at the handle and at a curve's point why a layer stays as it is, until that is dismissed", async () => {
  const bench = await startedBench();
  await bench.commands.computeSensitivity();
  bench.commands.setRatio(0.5);
  const refusing = {
    ...bench.commands,
    keepChannels: () => "No other number.",
    giveBack: () => "There is nothing to go back to.",
    keepAsMeasured: () => "Not as it was measured.",
  };
  await render({ ...bench, commands: refusing }, <Over />);
  bench.commands.hover(3);
  await expect.element(handle).toBeVisible();
  handle.element().focus();
  await userEvent.keyboard("{ArrowLeft}");
  await expect.element(alert).toHaveTextContent("No other number.");
  await userEvent.keyboard("{Backspace}");
  await expect.element(alert).toHaveTextContent("There is nothing to go back to.");
  // By the pointer, which began a drag here once; and by Escape, which does not leave the handle.
  await userEvent.click(page.getByRole("button", { name: "Dismiss" }));
  await expect.element(alert).not.toBeInTheDocument();
  expect(document.activeElement).toBe(handle.element());
  await userEvent.keyboard("{ArrowRight}");
  await expect.element(alert).toBeVisible();
  await userEvent.keyboard("{Escape}");
  await expect.element(alert).not.toBeInTheDocument();
  expect(onLeave).not.toHaveBeenCalled();
  // Another layer is another matter.
  await userEvent.keyboard("{ArrowRight}");
  await expect.element(alert).toBeVisible();
  bench.commands.hover(4);
  await expect.element(alert).not.toBeInTheDocument();

  const point = page.getByRole("toolbar").getByRole("button").nth(4);
  await userEvent.click(point);
  await expect.element(alert).toHaveTextContent("Not as it was measured.");
  await userEvent.click(page.getByRole("button", { name: "Dismiss" }));
  await expect.element(alert).not.toBeInTheDocument();
});

it("has words within a row's details that can be gone over to, pressed, and closed alone", async () => {
  const bench = await startedBench({ architecture: "resnet-20:width=0.5" });
  bench.commands.changeMethod({ options: { streams: "prune" } }, "more");
  const layers = bench.method.getState().pruning?.layers ?? [];
  const index = layers.findIndex((one) => one.layers.length > 2);
  const onClose = vi.fn();
  const place = { top: 20, height: 20, left: 20, onFold: undefined, onClose };
  const zoom = { isGrown: false, onZoom: vi.fn() };
  await render(
    bench,
    <RowDetails {...place} {...zoom} layer={known(layers[index], "layer")} index={index} />,
  );
  const menu = page.getByRole("heading", { level: 3 });
  await expect.element(menu).toBeVisible();
  const term = page.getByRole("button", { name: "Together" });
  const words = page.getByText("Channels that must go together");
  const rest = page.getByRole("button", { name: "Look into a channel" });

  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  await userEvent.hover(term);
  vi.advanceTimersByTime(LONG);
  await expect.element(words).toBeVisible();
  await userEvent.hover(words);
  // Longer than a pointer may be on its way.
  vi.advanceTimersByTime(LONG);
  await expect.element(words).toBeVisible();
  await userEvent.click(words);
  await expect.element(words).toBeVisible();
  await expect.element(menu).toBeVisible();
  await userEvent.keyboard("{Escape}");
  await expect.element(words).not.toBeInTheDocument();
  await expect.element(menu).toBeVisible();
  expect(document.activeElement).toBe(term.element());
  await userEvent.hover(rest);

  // By a press, as a finger does it, and by the keyboard.
  await userEvent.click(term);
  await expect.element(words).toBeVisible();
  await userEvent.hover(rest);
  vi.advanceTimersByTime(LONG);
  await expect.element(words).toBeVisible();
  await userEvent.keyboard("{Escape}");
  await expect.element(words).not.toBeInTheDocument();
  rest.element().focus();
  term.element().focus();
  await expect.element(words).toBeVisible();
  rest.element().focus();
  await expect.element(words).not.toBeInTheDocument();
  expect(onClose).not.toHaveBeenCalled();
  await userEvent.keyboard("{Escape}");
  expect(onClose).toHaveBeenCalledOnce();
});

it("goes to the next entry when one is deleted, and to the heading after the last", async () => {
  const bench = await startedBench();
  const { commands } = bench;
  const [first] = bench.page.getState().runs;
  for (const ratio of [0.6, 0.3]) {
    commands.setRatio(ratio);
    await commands.apply();
    commands.restore(known(first, "run").id);
  }
  await render(bench, <Kept isOpen />);
  const entries = page.getByRole("listitem");
  const remaining = page.getByRole("button", { name: /^Delete/ });
  await expect.element(entries.nth(2)).toBeVisible();
  // The largest is the one that was opened, which stays.
  remaining.nth(1).element().focus();
  await userEvent.keyboard("{Enter}");
  await expect.element(entries.nth(2)).not.toBeInTheDocument();
  expect(document.activeElement).toBe(remaining.nth(1).element());
  await userEvent.keyboard("{Enter}");
  await expect.element(entries.nth(1)).not.toBeInTheDocument();
  expect(document.activeElement?.localName).toBe("summary");
});
