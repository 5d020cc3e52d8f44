/**
 * @file A few test images and what the network says about them before and after the cut.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Cut, Engine, Gallery, NetworkKey, Predictions } from "./engine.ts";

/** Whose predictions stand at the images. */
export type ImageView = "before" | "both" | "after";

export interface GalleryState {
  readonly gallery: Gallery | null;
  readonly classes: readonly string[];
  readonly before: Predictions | null;
  readonly after: Predictions | null;
  readonly view: ImageView;
}

export interface Images {
  readonly store: StoreApi<GalleryState>;
  load(classes: readonly string[]): Promise<void>;
  /** Asks for both predictions; the newest question wins. */
  predict(baseline: NetworkKey, key: NetworkKey, cut: Cut | null): Promise<void>;
  compare(view: ImageView): void;
  reset(): void;
}

const GALLERY_IMAGES = 24;

export function createImages(engine: Engine): Images {
  const store = createStore<GalleryState>(() => ({
    gallery: null,
    classes: [],
    before: null,
    after: null,
    view: "both",
  }));
  let question = 0;
  let known: { readonly key: NetworkKey; readonly gallery: Gallery } | null = null;
  return {
    store,
    load: async (classes) => {
      const gallery = await engine.gallery(GALLERY_IMAGES);
      store.setState({ gallery, classes, before: null, after: null });
    },
    predict: async (baseline, key, cut) => {
      const { gallery } = store.getState();
      if (gallery === null) return;
      const mine = ++question;
      if (known?.key !== baseline || known.gallery !== gallery) {
        const before = await engine.predict(baseline, null, gallery.indices);
        if (mine !== question) return;
        known = { key: baseline, gallery };
        store.setState({ before });
      }
      const same = key === baseline && cut === null;
      const after = same
        ? store.getState().before
        : await engine.predict(key, cut, gallery.indices);
      if (mine === question) store.setState({ after });
    },
    compare: (view) => store.setState({ view }),
    reset: () => {
      question++;
      known = null;
      store.setState({ before: null, after: null });
    },
  };
}

/** Positions of the images whose prediction the cut has changed. */
export function flipsOf({ before, after }: GalleryState): readonly number[] {
  if (before === null || after === null) return [];
  return before.classes.flatMap((was, i) => (was === after.classes[i] ? [] : [i]));
}
