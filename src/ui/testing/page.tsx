/** @file A part of the page with a workbench behind it, in a real browser. */
import { MantineProvider } from "@mantine/core";
import type { ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { page } from "vitest/browser";
import { createWorkbench, WorkbenchContext, type Workbench } from "../../state/index.ts";
import { createFakeEngine, type FakeOptions } from "../../state/testing/fake-engine.ts";

/** With the demo on the page, or another architecture in its place; everything is done at once unless it has a pace. */
export async function startedBench(options: FakeOptions = {}): Promise<Workbench> {
  const bench = createWorkbench(createFakeEngine({ pace: 0, ...options }));
  await bench.commands.start();
  return bench;
}

/** @returns takes it off the page */
export async function renderOn(bench: Workbench, what: ReactNode): Promise<() => void> {
  await page.viewport(1280, 800);
  const place = document.createElement("div");
  document.body.append(place);
  const root = createRoot(place);
  root.render(
    <MantineProvider>
      <WorkbenchContext value={bench}>{what}</WorkbenchContext>
    </MantineProvider>,
  );
  return () => {
    root.unmount();
    place.remove();
  };
}
