/**
 * @file Wiring: one engine, one workbench, one page. The engine lives outside React, which mounts
 * things twice in development; a replaced module gives its worker back.
 */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { known } from "../core/index.ts";
import { createRemembered, createRoom, createWorkbench, type Engine } from "../state/index.ts";
import { Root } from "../ui/index.ts";
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

const engine = await chooseEngine();
const workbench = createWorkbench(
  engine,
  createRemembered(() => window.localStorage),
  // Only where the page came over TLS or from this machine.
  createRoom(() => (navigator as { readonly storage?: StorageManager }).storage),
);
import.meta.hot?.dispose(() => engine.dispose());
// A first visit begins at the slider; what was kept, or a link, brings its own step.
workbench.commands.goTo("prune");

// A hidden page may be gone the next moment.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") workbench.commands.keepNow();
});

createRoot(known(document.querySelector("#root"), "root element")).render(
  <StrictMode>
    <Root workbench={workbench} />
  </StrictMode>,
);
void workbench.commands.start(wantedBackend(), window.location.hash);
// A link that is followed, or pasted, while the page is open; the page itself never changes the address.
window.addEventListener("hashchange", () => {
  void workbench.commands.openLink(window.location.hash);
});
