/**
 * @file Sharing what is on the page: the link goes on the clipboard, or where the browser forbids that,
 * into the address bar, from which it can be copied. Only then does the page change its own address.
 */
import { useCommands } from "../../state/index.ts";
import { copyText } from "../parts/copy-text.ts";

export function useShare(): () => Promise<void> {
  const { writeLink, sayShared } = useCommands();
  return async () => {
    const hash = writeLink();
    if (hash === null) return;
    const { origin, pathname } = window.location;
    const isOnClipboard = await copyText(`${origin}${pathname}${hash}`);
    if (!isOnClipboard) window.history.replaceState(null, "", hash);
    sayShared(isOnClipboard);
  };
}
