/** @file Undo and redo by keyboard and by the buttons: one drag is one step, a cut is another. */
import { applyCut, goTo, openApp, ratioField, ratioSlider, runsTable, truth } from "./app.ts";
import { expect, test } from "./fixtures.ts";

test("takes a drag, a criterion and a cut back one by one, and does them again", async ({
  page,
}) => {
  await openApp(page);
  await goTo(page, "Prune");
  const undo = page.getByRole("button", { name: "Undo" });
  const redo = page.getByRole("button", { name: "Redo" });
  await expect(undo).toBeDisabled();
  const whole = await truth(page, "MACs").innerText();

  const box = await ratioSlider(page).boundingBox();
  if (box === null) throw new Error("the slider is not to be seen");
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + 10, y);
  await page.mouse.down();
  for (const share of [0.1, 0.2, 0.3, 0.4]) await page.mouse.move(box.x + box.width * share, y);
  await page.mouse.up();
  // The slider is where the drag has left it; the figure follows a frame or two later.
  const dragged = await ratioSlider(page).inputValue();
  expect(Number(dragged)).toBeGreaterThan(30);
  await expect(ratioField(page)).toHaveValue(dragged);

  const criterion = page.getByLabel("Score channels by");
  await criterion.selectOption("l1");
  await applyCut(page);
  await expect(page.getByRole("tab", { name: "Fine-tune" })).toHaveAttribute(
    "aria-selected",
    "true",
  );
  await goTo(page, "Prune");
  await expect(ratioField(page)).toHaveValue("0");

  await undo.click();
  await expect(ratioField(page)).toHaveValue(dragged);
  await page.keyboard.press("Control+z");
  await expect(criterion).toHaveValue("bn-scale");
  await page.keyboard.press("Control+z");
  await expect(ratioField(page)).toHaveValue("0");
  await expect.poll(() => truth(page, "MACs").innerText()).toBe(whole);
  await expect(undo).toBeDisabled();

  await page.keyboard.press("Control+Shift+z");
  await expect(ratioField(page)).toHaveValue(dragged);
  await redo.click();
  await expect(criterion).toHaveValue("l1");
  await redo.click();
  await expect(ratioField(page)).toHaveValue("0");
  await expect(redo).toBeDisabled();
  await expect(
    runsTable(page).getByRole("rowheader", { name: /cut at .* on the page/ }),
  ).toBeVisible();
});
