/** @file What a person would see and stumble over: things that jump, numbers that are cut, targets that are small. */
import type { Page } from "@playwright/test";

/** Notes every shift of the layout from the first paint on; before the page is opened. */
export async function watchShifts(page: Page): Promise<() => Promise<readonly string[]>> {
  await page.addInitScript(() => {
    const shifts: string[] = [];
    Object.assign(window, { shifts });
    const nameOf = (node: Node | null | undefined): string =>
      `${node?.nodeName ?? "?"} ${(node?.textContent ?? "").slice(0, 30)}`;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { hadRecentInput, sources } = entry as unknown as {
          hadRecentInput: boolean;
          sources: readonly { node?: Node | null }[];
        };
        if (!hadRecentInput) shifts.push(sources.map(({ node }) => nameOf(node)).join("; "));
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  return () => page.evaluate(() => (window as unknown as { shifts: string[] }).shifts);
}

/**
 * Texts with a digit that are not to be read whole: a box cuts them off, or a field is too narrow. Names may be
 * cut where the whole of them is said in a title.
 */
export async function cutNumbers(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const hides = (value: string): boolean => value === "hidden" || value === "clip";
    const found: string[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
      const text = node.textContent ?? "";
      const parent = node.parentElement;
      if (!/\d/.test(text) || parent?.checkVisibility({ visibilityProperty: true }) !== true) {
        continue;
      }
      if (parent.closest(".visually-hidden, svg, select, script, style") !== null) continue;
      if (parent.closest("[title]")?.getAttribute("title")?.includes(text.trim()) === true)
        continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const rect = range.getBoundingClientRect();
      if (rect.width === 0) continue;
      for (let box: Element | null = parent; box !== null; box = box.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(box);
        const { left, right, top, bottom } = box.getBoundingClientRect();
        // What scrolls that way can be read.
        const isCutAcross = hides(overflowX) && (rect.right > right + 1 || rect.left < left - 1);
        const isCutDown = hides(overflowY) && (rect.bottom > bottom + 2 || rect.top < top - 2);
        // What only screen readers have is one pixel large.
        if (box.clientWidth <= 1) break;
        const { contain } = getComputedStyle(box);
        if (contain.includes("strict") || overflowX === "auto" || overflowY === "auto") break;
        if (isCutAcross || isCutDown) found.push(`${text} in ${box.className}`);
      }
    }
    for (const field of document.querySelectorAll("input[type=text]")) {
      const { value, scrollWidth, clientWidth } = field as HTMLInputElement;
      if (/\d/.test(value) && scrollWidth > clientWidth + 1) found.push(`${value} in a field`);
    }
    return found;
  });
}

/**
 * Controls that a fingertip can miss: where fewer than 44 pixels up and down, or across, belong to them. A row of the
 * sheet is one target with all that stands in it; points of a chart also stand in its table.
 */
export async function smallTargets(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const controls = 'a[href], button, input, select, summary, [role="slider"], [role="tab"]';
    for (const control of document.querySelectorAll<HTMLElement>(controls)) {
      const isSeen = control.checkVisibility({ visibilityProperty: true });
      const isReached = getComputedStyle(control).pointerEvents !== "none";
      if (!isSeen || !isReached || control.closest('[role="grid"], svg, .visually-hidden'))
        continue;
      control.scrollIntoView({ block: "center", inline: "center" });
      const { left, top, width, height } = control.getBoundingClientRect();
      if (width === 0) continue;
      const isHit = (x: number, y: number): boolean => {
        const at = document.elementFromPoint(x, y);
        return at !== null && (control.contains(at) || at.closest("label")?.control === control);
      };
      const [x, y] = [left + width / 2, top + height / 2];
      const reach = (dx: number, dy: number): number => {
        let far = 0;
        while (far < 44 && isHit(x + dx * (far + 1), y + dy * (far + 1))) far += 2;
        return far;
      };
      const size = [reach(-1, 0) + reach(1, 0), reach(0, -1) + reach(0, 1)];
      if (size.some((pixels) => pixels < 42)) {
        const name = control.getAttribute("aria-label") ?? control.textContent;
        found.push(`${control.tagName} ${name.slice(0, 40)}: ${size.join(" × ")}`);
      }
    }
    return found;
  });
}

/** How much of a picture is of another colour than most of it. */
export async function shareOfMarks(page: Page, png: Uint8Array): Promise<number> {
  return page.evaluate(
    async (bytes) => {
      const image = await createImageBitmap(new Blob([Uint8Array.from(bytes)]));
      const pen = new OffscreenCanvas(image.width, image.height).getContext("2d");
      if (pen === null) return 0;
      pen.drawImage(image, 0, 0);
      const { data } = pen.getImageData(0, 0, image.width, image.height);
      const counts = new Map<number, number>();
      for (const colour of new Uint32Array(data.buffer)) {
        counts.set(colour, (counts.get(colour) ?? 0) + 1);
      }
      return 1 - Math.max(...counts.values()) / (data.length / 4);
    },
    [...png],
  );
}
