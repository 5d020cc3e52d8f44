/**
 * @file Which parts of the built page Chromium compiles whole, off the page's own thread, as they arrive: by the
 * comment of V8's explicit compile hints, which other browsers pass over. Without it each function is compiled
 * when it is first called, in the middle of the first render.
 */

/** What is called nearly whole as soon as it is there. */
const CALLED_WHOLE = "/node_modules/recharts/";

/** What stands at the head of a chunk. */
export function compileHint(chunk: { readonly moduleIds: readonly string[] }): string {
  return chunk.moduleIds.some((id) => id.includes(CALLED_WHOLE))
    ? "//# allFunctionsCalledOnLoad"
    : "";
}
