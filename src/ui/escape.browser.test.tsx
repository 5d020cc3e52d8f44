/** @file Escape closes what is on top first, in a real browser: the palette before what it was opened over. */
import "./styles.ts";
import { MantineProvider } from "@mantine/core";
import { useState } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, expect, it, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { createWorkbench, WorkbenchContext, type Workbench } from "../state/index.ts";
import { createFakeEngine } from "../state/testing/fake-engine.ts";
import { useEscape } from "./parts/use-escape.ts";
import { Palette } from "./shell/Palette.tsx";
import { useKeys } from "./shell/use-keys.ts";

let root: Root | undefined;

afterEach(() => {
  root?.unmount();
  document.body.replaceChildren();
});

const onClose = vi.fn();

/** Something that hangs over the page, and the palette once it is asked for. */
function Over({ bench }: { readonly bench: Workbench }) {
  const [open, setOpen] = useState(["refusal"]);
  const close = (one: string): void => {
    onClose(one);
    setOpen(open.filter((other) => other !== one));
  };
  const [reach] = useState({
    bench,
    overlay: () => setOpen(["refusal", "palette"]),
    setScheme: () => undefined,
    share: async () => undefined,
  });
  useKeys(reach);
  useEscape(open.includes("refusal"), () => close("refusal"));
  return (
    <>
      <p>{open.join()}</p>
      {open.includes("palette") && <Palette reach={reach} onClose={() => close("palette")} />}
    </>
  );
}

it("closes the palette that is open over a refusal, then the refusal, and cancels nothing", async () => {
  const made = createWorkbench(createFakeEngine({ pace: 0 }));
  const cancel = vi.fn();
  const bench = { ...made, commands: { ...made.commands, cancel } };
  await page.viewport(1280, 800);
  const place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
  root.render(
    <MantineProvider>
      <WorkbenchContext value={bench}>
        <Over bench={bench} />
      </WorkbenchContext>
    </MantineProvider>,
  );
  await expect.element(page.getByText("refusal", { exact: true })).toBeVisible();
  await userEvent.keyboard("{Control>}k{/Control}");
  const palette = page.getByRole("combobox");
  await expect.element(palette).toBeInTheDocument();
  await userEvent.keyboard("{Escape}");
  await expect.element(palette).not.toBeInTheDocument();
  expect(onClose.mock.calls).toEqual([["palette"]]);
  await userEvent.keyboard("{Escape}");
  expect(onClose.mock.calls).toEqual([["palette"], ["refusal"]]);
  expect(cancel).not.toHaveBeenCalled();
});
