/**
 * @file What is on the page as a link, and a link brought to the page: its network first, then its method,
 * which is one step to undo. A network that is a person's own is not in the link; the page then asks
 * for it, and tells by the fingerprint whether it is the one. A link that cannot be read, or does not fit,
 * leaves everything as it was and says why.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Activity } from "./activity.ts";
import { readLink, recordMethod, writeLink, type Link, type LinkNetwork } from "./engine.ts";
import { allocationOf, type Method } from "./method.ts";
import { readPreset } from "./method-commands.ts";
import { splitLocks, type Methods } from "./methods.ts";
import { NEW_ORIGIN, SHIPPED_ORIGIN, type OpeningCommands } from "./opening.ts";
import type { PageStore } from "./page.ts";
import { elsewhereSentence, readPasted } from "./pasted.ts";
import { sentenceOf } from "./problem.ts";
import type { Session } from "./session.ts";
import { SHIPPED } from "./shipped.ts";

/** What the page says about a link. */
export type LinkNotice =
  /** Why it was not followed. */
  | { readonly kind: "refused"; readonly text: string }
  /** It is about a network that whoever opened it has to bring. */
  | { readonly kind: "wanted"; readonly name: string }
  /** A network was brought, and is another one. */
  | { readonly kind: "other"; readonly name: string; readonly brought: string };

export interface SharingState {
  readonly notice: LinkNotice | null;
}

export interface SharingCommands {
  /** The end of an address that brings back what is on the page; null without a network. */
  writeLink(): string | null;
  /** Says that the link is on the clipboard, or where else it is, and what it takes to open it. */
  sayShared(isOnClipboard: boolean): void;
  /** Brings to the page what the end of an address says; does nothing for one that is no link. */
  openLink(hash: string): Promise<void>;
  /**
   * Brings to the page what a pasted text says where it is a link; of another address it says why nothing is
   * fetched from there. Any other text is none of its business.
   */
  openPasted(text: string): Promise<void>;
  /** Applies the link's method to the network that was brought in place of the link's. */
  applyLinkAnyway(): void;
  dismissLink(): void;
}

export interface Sharing {
  readonly store: StoreApi<SharingState>;
  readonly commands: SharingCommands;
  /** Another network is on the page. */
  opened(): void;
}

export interface SharingParts {
  readonly page: PageStore;
  readonly methods: Methods;
  readonly activity: Activity;
  readonly opening: Pick<OpeningCommands, "openShipped" | "buildArchitecture">;
  /** True when a run under way forbids it; says so. */
  readonly refuse: () => boolean;
  /** Brings a run of this visit to the page. */
  readonly show: (runId: number) => void;
  readonly setRatio: (ratio: number) => void;
  readonly goTo: (step: Link["step"]) => void;
  /** Called after a method was taken. */
  readonly onChange: () => void;
}

export function createSharing(parts: SharingParts): Sharing {
  const { page, methods, activity } = parts;
  const store = createStore<SharingState>(() => ({ notice: null }));
  /** The link whose network is waited for. */
  let pending: Link | null = null;
  /** The newest link wins. */
  let newest = 0;
  const say = (notice: LinkNotice | null): void => store.setState({ notice });

  /** Its method on the network that is there. */
  const apply = (link: Link, session: Session): void => {
    const before = methods.current();
    const { method, lost } = fitted(methodOf(link), session);
    // A criterion that looks at images first is waited for where the slider stands.
    const { allocation } = method;
    if (allocation.kind === "global-threshold") parts.setRatio(allocation.ratio);
    const refused = methods.ask(method, "preset");
    if (refused !== null) {
      methods.ask(before, "preset");
      say({ kind: "refused", text: `The link was made for another network than this: ${refused}` });
    } else if (lost.length > 0) {
      activity.say(`No layers of ${session.name}, and so not locked: ${lost.join(", ")}.`);
    }
    parts.onChange();
    parts.goTo(link.step);
  };

  /** Opens what a link can name by itself; what goes wrong there is said under Load. */
  const fetchNetwork = async ({ kind, name }: LinkNetwork): Promise<void> => {
    const shipped = SHIPPED.find((one) => one.name === name);
    if (kind === "architecture") await parts.opening.buildArchitecture(name);
    else if (shipped !== undefined) await parts.opening.openShipped(shipped);
  };

  const follow = async (link: Link): Promise<void> => {
    const mine = ++newest;
    const isIt = ({ session }: { readonly session: Session }): boolean =>
      isSame(sourceOf(session), link.network);
    const { runs, runId } = page.getState();
    const there = runs.find((run) => run.id === runId && isIt(run)) ?? runs.find(isIt);
    if (there !== undefined) {
      if (parts.refuse()) return;
      if (there.id !== runId) parts.show(there.id);
      apply(link, there.session);
      return;
    }
    if (link.network.kind === "own") {
      pending = link;
      say({ kind: "wanted", name: link.network.name });
      return;
    }
    await fetchNetwork(link.network);
    const { session } = page.getState();
    if (mine !== newest) return;
    if (session !== null && isIt({ session })) apply(link, session);
    else if (page.getState().problems.load === undefined) {
      const text = `There is no shipped network called ${link.network.name} here; update Espalier, or open another link.`;
      say({ kind: "refused", text });
    } else parts.goTo("load");
  };

  const openLink = async (hash: string): Promise<void> => {
    try {
      const link = readLink(hash);
      if (link === null) return;
      pending = null;
      say(null);
      await follow(link);
    } catch (error) {
      const text = sentenceOf(error);
      if (text !== null) say({ kind: "refused", text });
    }
  };

  /** Null for what no link can hold, which the page then says. */
  const linkOf = (link: Link): string | null => {
    try {
      return writeLink(link);
    } catch (error) {
      const text = sentenceOf(error);
      if (text !== null) say({ kind: "refused", text });
      return null;
    }
  };

  return {
    store,
    opened: () => {
      const { session } = page.getState();
      if (pending === null || session === null) return;
      const source = sourceOf(session);
      if (source.kind !== "own") return;
      const link = pending;
      if (isSame(source, link.network)) {
        pending = null;
        say(null);
        apply(link, session);
      } else say({ kind: "other", name: link.network.name, brought: source.name });
    },
    commands: {
      writeLink: () => {
        const { session, step } = page.getState();
        if (session === null) return null;
        const method = methods.meant();
        const { criterion, options, manner } = method;
        return linkOf({
          network: sourceOf(session),
          step,
          recipe: recordMethod(criterion, { ...allocationOf(method), ...options }, manner.dead),
          isMask: manner.kind === "mask",
        });
      },
      sayShared: (isOnClipboard) => {
        const { session } = page.getState();
        const where = isOnClipboard
          ? "The link is on the clipboard."
          : "The browser keeps its clipboard to itself, so the link is in the address bar.";
        const source = session === null ? null : sourceOf(session);
        if (session === null || source?.kind !== "own") {
          activity.say(where);
          return;
        }
        const how = session.place === null ? "export it, and send the file" : `send ${source.name}`;
        activity.say(`${where} The network is not in it: ${how} along.`);
      },
      openLink,
      openPasted: async (text) => {
        const pasted = readPasted(text);
        if (pasted?.kind === "link") await openLink(pasted.hash);
        else if (pasted !== null) say({ kind: "refused", text: elsewhereSentence(pasted) });
      },
      applyLinkAnyway: () => {
        const { session } = page.getState();
        const link = pending;
        if (link === null || session === null || parts.refuse()) return;
        pending = null;
        say(null);
        apply(link, session);
      },
      dismissLink: () => {
        pending = null;
        say(null);
      },
    },
  };
}

/** What a link calls a network. One that was made on the page is its maker's own. */
export function sourceOf({ origin, place, name, key }: Session): LinkNetwork {
  if (place !== null && origin === NEW_ORIGIN) return { kind: "architecture", name: place };
  const shipped = SHIPPED.find(({ path }) => `public/${path}` === `${place}/model.json`);
  if (shipped !== undefined && origin === SHIPPED_ORIGIN) {
    return { kind: "shipped", name: shipped.name };
  }
  return { kind: "own", name: place ?? name, fingerprint: key };
}

function isSame(a: LinkNetwork, b: LinkNetwork): boolean {
  if (a.kind === "own" || b.kind === "own") {
    return a.kind === b.kind && "fingerprint" in a && "fingerprint" in b
      ? a.fingerprint === b.fingerprint
      : false;
  }
  return a.kind === b.kind && a.name === b.name;
}

function methodOf({ recipe, isMask }: Link): Method {
  const { method } = readPreset(recipe);
  return { ...method, manner: { ...method.manner, kind: isMask ? "mask" : "cut" } };
}

/** Without locks that name no layer here. */
function fitted(method: Method, { network }: Session): { method: Method; lost: readonly string[] } {
  const { locked, lost } = splitLocks(network, method.options);
  return { method: { ...method, options: { ...method.options, locked } }, lost };
}
