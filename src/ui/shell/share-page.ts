/**
 * @file Sharing what is on the page: the link goes on the clipboard, or where the browser forbids that,
 * into the address bar, from which it can be copied. Only then does the page change its own address.
 */
import type { Commands } from "../../state/index.ts";
import { copyText } from "../parts/copy-text.ts";

export async function sharePage({
  writeLink,
  sayShared,
}: Pick<Commands, "writeLink" | "sayShared">): Promise<void> {
  const hash = writeLink();
  if (hash === null) return;
  const { origin, pathname } = window.location;
  const isOnClipboard = await copyText(`${origin}${pathname}${hash}`);
  if (!isOnClipboard) window.history.replaceState(null, "", hash);
  sayShared(isOnClipboard);
}
