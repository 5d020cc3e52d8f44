/** @file Where the project is, how large it is, and what stands against keeping it, in words. */
import type { KeepingState, RoomState, Run } from "../../state/index.ts";
import { bytes } from "../format.ts";

type Sizes = Pick<RoomState, "used" | "quota">;

/** Bytes of the weights of so many runs: of equal networks, those of one. */
export function sizeOfRuns(runs: readonly Run[]): number {
  const sizes = new Map(runs.map(({ session }) => [session.key, session.cost.bytes]));
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

/** What is so, why, and what is not lost by it. */
export function troubleWords(
  trouble: NonNullable<KeepingState["trouble"]>,
  size: number,
  { used, quota }: Sizes,
): string {
  if (trouble === "closed") {
    return "This browser keeps nothing for this page, as in a private window or where site data is blocked. Everything is here until the page is closed.";
  }
  // What a browser tells of its room need not be so: a disk may be full besides.
  const given =
    used === null || quota === null || quota - used > 4 * size
      ? ""
      : `, and ${bytes(used)} of the ${bytes(quota)} that it gives this page are in use`;
  return `The browser has no room left: this project takes about ${bytes(size)}${given}. What it kept before stays as it was, and everything is still on this page.`;
}

/** Where the project is, in a sentence or two. */
export function keptWords({ status, time, isRestored, problem }: KeepingState): string {
  switch (status) {
    case "untouched":
      return "What you change is kept in this browser, and is here again when you come back.";
    case "waiting":
    case "kept":
      if (time === null) return "Kept in this browser in a moment.";
      return isRestored && status === "kept"
        ? `Kept in this browser, as of ${time}. It was here when you came back.`
        : `Kept in this browser, as of ${time}.`;
    case "elsewhere":
      return "Another tab keeps its project, so this one is not kept. Save it to a file to have it later.";
    case "refused":
      return problem ?? "";
    default:
      return status satisfies never;
  }
}

/** How long what is kept lasts, and how it is deleted; nothing where nothing is kept. */
export function lastingWords(
  { status }: Pick<KeepingState, "status">,
  { isPromised }: Pick<RoomState, "isPromised">,
): string {
  if (status !== "waiting" && status !== "kept") return "";
  const promise =
    isPromised === null
      ? ""
      : isPromised
        ? "The browser has promised not to clear it. "
        : "The browser has not promised to keep it: a full disk may clear it, and a private window forgets it when it closes. ";
  return `${promise}It lies on this machine alone; Start afresh deletes it.`;
}

/** `2.1 MB of 4.2 GB`; nothing where the browser does not tell. */
export function roomWords({ used, quota }: Sizes): string {
  if (used === null || quota === null) return "";
  return `All that the browser keeps of this page: ${bytes(used)} of ${bytes(quota)}.`;
}
