/**
 * @file What every end-to-end test watches, whether it is about that or not: nothing is asked of
 * another origin, the console stays silent, no policy is violated, and no number on the page is a
 * NaN. A test that provokes a message says which.
 */
import { test as base, expect, type Page } from "@playwright/test";

/** What went wrong behind the test's back, and what it expects to. */
export interface Watch {
  /** The console may say this, page errors included. */
  expectMessage(pattern: RegExp): void;
  /** The text on the page holds no number that is none. */
  checkText(): Promise<void>;
}

const NO_NUMBER = /\b(?:NaN|undefined|Infinity|null)\b|\[object /;

export const test = base.extend<{ watch: Watch }>({
  watch: [
    async ({ page, context, baseURL }, use) => {
      const origin = new URL(baseURL ?? "").origin;
      const foreign: string[] = [];
      const messages: string[] = [];
      const expected: RegExp[] = [];
      context.on("request", (request) => {
        const url = new URL(request.url());
        const isOwn = url.origin === origin || url.protocol === "blob:" || url.protocol === "data:";
        if (!isOwn) foreign.push(request.url());
      });
      context.on("console", (message) => {
        const type = message.type();
        if (type === "error" || type === "warning") messages.push(`${type}: ${message.text()}`);
      });
      context.on("weberror", (error) => messages.push(`uncaught: ${error.error().message}`));
      await context.addInitScript(() => {
        document.addEventListener("securitypolicyviolation", (event) => {
          // oxlint-disable-next-line no-console -- what this test reads is the console
          console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
        });
      });
      const checkText = async (): Promise<void> => {
        expect(await readText(page), "text on the page").not.toMatch(NO_NUMBER);
      };
      await use({ expectMessage: (pattern) => void expected.push(pattern), checkText });
      await checkText();
      const surprises = messages.filter((text) => !expected.some((one) => one.test(text)));
      expect(surprises, "messages in the console").toEqual([]);
      expect(foreign, "requests to other origins").toEqual([]);
    },
    { auto: true },
  ],
});

/** What a person can read, values of fields and spoken texts included. */
async function readText(page: Page): Promise<string> {
  return page.evaluate(() => {
    const fields = [...document.querySelectorAll("input")].map((input) => input.value);
    const spoken = [...document.querySelectorAll("[aria-label], [aria-valuetext], [title]")].map(
      (element) =>
        ["aria-label", "aria-valuetext", "title"].map((name) => element.getAttribute(name) ?? ""),
    );
    return [document.title, document.body.innerText, ...fields, ...spoken.flat()].join("\n");
  });
}

export { expect };
