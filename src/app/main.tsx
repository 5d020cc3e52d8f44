/**
 * @file Wiring: one engine, one workbench, one page. The engine lives outside React, which mounts
 * things twice in development; a replaced module gives its worker back. The program comes in parts that are fetched
 * together and each begun in a task of its own, and the page is rendered in slices, so that no task is long.
 */
import { known } from "../core/index.ts";
import type { Engine } from "../state/index.ts";
import { createEngine } from "../worker/index.ts";

/** In development `?fake` puts an engine under the page that runs nothing; never built. */
async function chooseEngine(): Promise<Engine> {
  const query = new URLSearchParams(window.location.search);
  if (import.meta.env.DEV && query.has("fake")) {
    const { createFakeEngine } = await import("../state/testing/fake-engine.ts");
    const architecture = query.get("fake");
    return createFakeEngine({
      ...(architecture === null || architecture === "" ? {} : { architecture }),
      withoutData: query.has("nodata"),
    });
  }
  return createEngine();
}

/** `?backend=webgpu` or `?backend=wasm` in the address asks for one; without it the engine chooses. */
function wantedBackend(): "webgpu" | "wasm" | "auto" {
  const wanted = new URLSearchParams(window.location.search).get("backend");
  return wanted === "webgpu" || wanted === "wasm" ? wanted : "auto";
}

// The worker first: it has the most to load.
const engine = await chooseEngine();
import.meta.hot?.dispose(() => engine.dispose());
const parts = [
  import("react"),
  import("react-dom/client"),
  import("../state/index.ts"),
  import("../ui/index.ts"),
] as const;
const [{ startTransition, StrictMode }, { createRoot }, state, { Root }] = await Promise.all(parts);

const workbench = state.createWorkbench(
  engine,
  state.createRemembered(() => window.localStorage),
  // Only where the page came over TLS or from this machine.
  state.createRoom(() => (navigator as { readonly storage?: StorageManager }).storage),
);
// A first visit begins at the slider; what was kept, or a link, brings its own step.
workbench.commands.goTo("prune");

// A hidden page may be gone the next moment.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") workbench.commands.keepNow();
});

/** Once there is a page: what changes while it is rendered in slices would have it rendered anew, at once. */
let isBegun = false;
function begin(): void {
  if (isBegun) return;
  isBegun = true;
  void workbench.commands.start(wantedBackend(), window.location.hash);
}

const root = createRoot(known(document.querySelector("#root"), "root element"));
startTransition(() => {
  root.render(
    <StrictMode>
      <Root workbench={workbench} onShown={begin} />
    </StrictMode>,
  );
});
// A link that is followed, or pasted, while the page is open; the page itself never changes the address.
window.addEventListener("hashchange", () => {
  void workbench.commands.openLink(window.location.hash);
});
