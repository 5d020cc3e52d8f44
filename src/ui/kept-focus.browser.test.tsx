/**
 * @file What has the focus vanishes under a press, in a real browser: the keyboard goes to what came of it, to the next
 * entry, or to what is around, and never to the page's beginning.
 */
import "./styles.ts";
import { useState, type ReactNode } from "react";
import { afterEach, beforeEach, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import { known } from "../core/index.ts";
import type { Workbench } from "../state/index.ts";
import { Notice } from "./parts/Notice.tsx";
import { RunsSection } from "./runs/RunsSection.tsx";
import { STEP_PANEL, watchFocus } from "./shell/use-kept-focus.ts";
import { renderOn, startedBench } from "./testing/page.tsx";
import { OUTCOME } from "./train/Outcome.tsx";
import TrainStep from "./train/TrainStep.tsx";

const leaves: (() => void)[] = [];

beforeEach(() => {
  leaves.push(watchFocus());
});

afterEach(() => {
  for (const leave of leaves.splice(0)) leave();
  document.body.replaceChildren();
});

async function put(bench: Workbench, what: ReactNode): Promise<void> {
  const panel = (
    <div id={STEP_PANEL} tabIndex={-1}>
      {what}
    </div>
  );
  leaves.push(await renderOn(bench, panel));
}

const button = (name: string | RegExp) => page.getByRole("button", { name, exact: true });
const focusedId = (): string | undefined => document.activeElement?.id;

async function press(name: string | RegExp): Promise<void> {
  await expect.element(button(name)).toBeVisible();
  button(name).element().focus();
  await userEvent.keyboard("{Enter}");
}

it("goes to what is said of a run when it starts, ends, is kept or discarded", async () => {
  // Slow enough to be stopped.
  const bench = await startedBench({ pace: 1 });
  await bench.commands.loadData("training");
  await put(bench, <TrainStep purpose="finetune" />);
  /** What is stopped before its first step has no result. */
  const begin = async (): Promise<void> => {
    await press("Start");
    await expect.poll(() => bench.training.getState().latest).not.toBeNull();
  };
  await begin();
  await expect.poll(focusedId).toBe(OUTCOME);
  await press("Stop");
  await expect.element(page.getByRole("group", { name: "Result" })).toBeVisible();
  await expect.poll(focusedId).toBe(OUTCOME);
  await userEvent.keyboard("{Tab}");
  expect(document.activeElement?.textContent).toBe("Keep");
  await press("Discard");
  await expect.poll(focusedId).toBe(OUTCOME);
  await begin();
  await press("Stop");
  await press("Keep");
  await expect.poll(focusedId).toBe(OUTCOME);
});

it("goes to the field that stops a run, also where it is folded away", async () => {
  const bench = await startedBench();
  await put(bench, <TrainStep purpose="finetune" />);
  await expect.element(button("Start")).toBeVisible();
  bench.commands.editTraining("finetune", { batchSize: "none" });
  await press("Start");
  await expect.element(page.getByRole("textbox", { name: "Batch size" })).toHaveFocus();
});

function Dismissable() {
  const [isThere, setThere] = useState(true);
  return (
    isThere && (
      <Notice label="Note" onDismiss={() => setThere(false)} dismiss="Dismiss the note">
        It is so.
      </Notice>
    )
  );
}

it("goes to the next run when one is removed, and to the step when a notice is dismissed", async () => {
  const bench = await startedBench();
  const { commands } = bench;
  const [first] = bench.page.getState().runs;
  for (const ratio of [0.6, 0.3]) {
    commands.setRatio(ratio);
    await commands.apply();
    commands.restore(known(first, "run").id);
  }
  await put(
    bench,
    <>
      <Dismissable />
      <RunsSection />
    </>,
  );
  const removes = page.getByRole("button", { name: /^Remove / });
  await expect.element(removes.nth(2)).toBeVisible();
  removes.nth(1).element().focus();
  const next = known(removes.nth(2).element().getAttribute("aria-label"), "name").slice(7);
  await userEvent.keyboard("{Enter}");
  await expect.element(removes.nth(2)).not.toBeInTheDocument();
  await expect.element(button(`Bring back ${next}`)).toHaveFocus();
  await press("Dismiss the note");
  await expect.poll(focusedId).toBe(STEP_PANEL);
});

/** A dialog that can be left for another one, in its place or over it. */
function Dialogs() {
  const [open, setOpen] = useState<readonly string[]>([]);
  return (
    <>
      <button type="button" onClick={() => setOpen(["first"])}>
        Open
      </button>
      {open.map((name) => (
        <div key={name} role="dialog" aria-label={name}>
          {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- as dialogs take the focus */}
          <button type="button" autoFocus onClick={() => setOpen(["second"])}>
            {`Another in the place of the ${name}`}
          </button>
          <button type="button" onClick={() => setOpen(["first", "second"])}>
            {`Another over the ${name}`}
          </button>
          <button type="button" onClick={() => setOpen(open.slice(0, -1))}>
            {`Close the ${name}`}
          </button>
        </div>
      ))}
    </>
  );
}

it("goes back to what opened a dialog, also by way of another one", async () => {
  await put(await startedBench(), <Dialogs />);
  await press("Open");
  await press("Another in the place of the first");
  await press("Close the second");
  await expect.element(button("Open")).toHaveFocus();
  await press("Open");
  await press("Another over the first");
  await press("Close the second");
  await expect.element(button("Another over the first")).toHaveFocus();
  await press("Close the first");
  await expect.element(button("Open")).toHaveFocus();
});
