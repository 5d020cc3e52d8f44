/**
 * @file What the network on the page is called in front of people: a shipped one by its title, also after it was
 * cut or trained, any other by its own name. The technical name stays beside it as a detail.
 */
import { SHIPPED_ORIGIN } from "./opening.ts";
import { lineageOf, type PageState } from "./page.ts";
import type { Session } from "./session.ts";
import { SHIPPED, type Shipped } from "./shipped.ts";

/** The shipped network that this is; nothing for any other. */
export function shippedAs({ origin, place }: Session): Shipped | undefined {
  if (origin !== SHIPPED_ORIGIN) return undefined;
  return SHIPPED.find(({ path }) => `public/${path}` === `${place}/model.json`);
}

/** Nothing without a network. */
export function networkTitle({ session, runs, runId }: PageState): string | null {
  if (session === null) return null;
  const [first] = lineageOf(
    runs,
    runs.find(({ id }) => id === runId),
  );
  return shippedAs(first?.session ?? session)?.title ?? session.name;
}
