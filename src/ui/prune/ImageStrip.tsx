/**
 * @file The same test images all along, with what the network says about them before and after the
 * cut. A changed prediction is ringed in amber and said in words.
 */
import { useMemo, useState } from "react";
import { flipsOf, useGallery, type GalleryState } from "../../state/index.ts";
import { percent } from "../format.ts";
import { imageAddress } from "../parts/image-address.ts";
import styles from "./ImageStrip.module.css";

export function ImageStrip() {
  const state = useGallery((all) => all);
  const [looked, setLooked] = useState<number | null>(null);
  const { gallery } = state;
  if (gallery === null) return null;
  const flips = flipsOf(state);
  const shown = looked ?? flips[0] ?? null;
  return (
    <section className={styles.strip} aria-label="Test images">
      <p className={styles.words}>
        {state.after === null
          ? `${gallery.labels.length} test images`
          : `${flips.length} of ${gallery.labels.length} flips`}
        <span className="quiet">{shown === null ? "none changed" : wordsFor(state, shown)}</span>
      </p>
      <ul className={styles.images}>
        {gallery.labels.map((label, i) => (
          <li key={gallery.indices[i]}>
            <button
              type="button"
              className={styles.image}
              data-flipped={flips.includes(i)}
              aria-label={`${state.classes[label] ?? "image"}: ${wordsFor(state, i)}`}
              title={wordsFor(state, i)}
              onPointerEnter={() => setLooked(i)}
              onPointerLeave={() => setLooked(null)}
              onFocus={() => setLooked(i)}
              onBlur={() => setLooked(null)}
            >
              <Pixels gallery={gallery} index={i} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function wordsFor({ before, after, classes, gallery }: GalleryState, i: number): string {
  const nameOf = (index: number | undefined): string => classes[index ?? -1] ?? "?";
  if (before === null) return nameOf(gallery?.labels[i]);
  const was = nameOf(before.classes[i]);
  const now = after?.classes[i];
  if (now !== undefined && now !== before.classes[i]) return `${was} → ${nameOf(now)}`;
  return `${was}, ${percent(after?.confidence[i] ?? before.confidence[i] ?? 0, 0)} sure`;
}

interface PixelsProps {
  readonly gallery: NonNullable<GalleryState["gallery"]>;
  readonly index: number;
}

/** One image. Not a canvas: each of those is a layer that the browser sorts in every frame of a drag. */
function Pixels({ gallery, index }: PixelsProps) {
  const address = useMemo(() => imageAddress(gallery, index), [gallery, index]);
  return <img src={address} alt="" />;
}
