/**
 * @file What a text on the clipboard is to the page: a link of Espalier's, on whatever host it was made; the
 * address of something elsewhere; or nothing of ours. The page may fetch nothing from other hosts, which its
 * policy forbids, so an address is only told from a link, and what to do with it is said.
 */

export type Pasted =
  | { readonly kind: "link"; readonly hash: string }
  /** What is at the address, and where that is. */
  | { readonly kind: "elsewhere"; readonly name: string; readonly host: string };

/** Longer than any link that is written. */
const MOST_CHARACTERS = 32_768;
/** A name is for people. */
const MOST_NAME = 80;

/** @returns null for what is neither a link nor an address */
export function readPasted(text: string): Pasted | null {
  const trimmed = text.trim();
  if (trimmed.length > MOST_CHARACTERS || /\s/.test(trimmed)) return null;
  const [hash] = /#v\d{1,6}(?:=|%3D).*$/is.exec(trimmed) ?? [];
  if (hash === trimmed) return { kind: "link", hash };
  const url = URL.canParse(trimmed) ? new URL(trimmed) : null;
  if (url === null || !/^(https?|file):$/.test(url.protocol)) return null;
  if (hash !== undefined) return { kind: "link", hash };
  const name = url.pathname.split("/").findLast((part) => part !== "") ?? url.host;
  return { kind: "elsewhere", name: name.slice(0, MOST_NAME), host: url.host };
}

/** Why what is elsewhere is not fetched, and what to do. */
export function elsewhereSentence({ name, host }: Extract<Pasted, { kind: "elsewhere" }>): string {
  const from = host === "" || host === name ? "" : ` from ${host}`;
  return `Espalier fetches nothing from other places, so that nothing of yours leaves this page; save ${name}${from} to a file, then drop it here.`;
}
