/**
 * @file The same test images all along, with what the network says about them before and after the
 * cut, or only one of the two. A changed prediction is ringed in amber, marked as worse or better, and said in
 * words; a press on an image shows what it is and what else was thought of.
 */
import { Button } from "@mantine/core";
import { Check, X } from "lucide-react";
import { useMemo, useState } from "react";
import {
  flipsOf,
  misfitMeasured,
  useCommands,
  useGallery,
  usePage,
  useSlider,
  type GalleryState,
  type ImageView,
} from "../../state/index.ts";
import { Term } from "../parts/Explained.tsx";
import { imageAddress } from "../parts/image-address.ts";
import { pickFiles } from "../parts/pick-files.ts";
import { fateOf, spokenImage, truthOf, wordsFor } from "./image-words.ts";
import { ImageDetail } from "./ImageDetail.tsx";
import styles from "./ImageStrip.module.css";

export function ImageStrip() {
  const all = useGallery((state) => state);
  const isUncut = useSlider((state) => state.isUncut);
  const view = isUncut ? "before" : all.view;
  const state = seenAs(all, view);
  const [looked, setLooked] = useState<number | null>(null);
  const [open, setOpen] = useState<number | null>(null);
  const isMisfit = usePage((page) => misfitMeasured(page) !== null);
  const { gallery } = state;
  if (gallery === null) {
    return (
      <section className={styles.strip} aria-label="Test images">
        <NoImages />
      </section>
    );
  }
  const flips = flipsOf(state);
  const shown = looked ?? flips[0] ?? null;
  return (
    <section className={styles.strip} aria-label="Test images">
      <div className={styles.words}>
        <p>
          {view !== "both" || state.after === null ? (
            `${gallery.labels.length} test images`
          ) : (
            <>
              {flips.length} of {gallery.labels.length}{" "}
              <Term of="flips" position="top-start">
                flips
              </Term>
            </>
          )}
        </p>
        <p className="quiet">{isMisfit ? "not asked" : seenWords(state, shown, view)}</p>
        {shown !== null && !isMisfit && <p className="quiet">{truthOf(state, shown)}</p>}
      </div>
      <ul className={styles.images}>
        {gallery.labels.map((_, i) => (
          <StripImage
            key={gallery.indices[i]}
            state={state}
            gallery={gallery}
            index={i}
            isOpen={open === i}
            onLook={setLooked}
            onOpen={setOpen}
          />
        ))}
      </ul>
      <Views view={view} />
    </section>
  );
}

/** What they are for, and the ways to them; while they are on their way, nothing is to be done. */
function NoImages() {
  const isComing = usePage((page) => page.awaitsImages);
  const { loadData, openFiles } = useCommands();
  if (isComing) return <p className={styles.none}>Test images stand here once they are there.</p>;
  return (
    <div className={styles.none}>
      <p>Without test images the network can be cut, and not measured.</p>
      <Button onClick={() => void loadData("test")}>Load test images</Button>
      <Button onClick={() => pickFiles((files) => void openFiles(files))}>Choose files…</Button>
    </div>
  );
}

const VIEWS = [
  { value: "before", label: "before", key: "1" },
  { value: "both", label: "both", key: "2" },
  { value: "after", label: "after", key: "3" },
] as const;

/** Whose predictions are shown. */
function Views({ view }: { readonly view: ImageView }) {
  const { compareImages } = useCommands();
  return (
    <div className={styles.views} role="group" aria-label="Predictions">
      {VIEWS.map(({ value, label, key }) => (
        <button
          key={value}
          type="button"
          aria-pressed={value === view}
          title={`Predictions ${label === "both" ? "before and after" : label} (${key})`}
          onClick={() => compareImages(value)}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

/** The predictions of one network alone; with both, what has changed is ringed. */
function seenAs(state: GalleryState, view: ImageView): GalleryState {
  if (view === "before") return { ...state, after: null };
  return view === "after" ? { ...state, before: state.after } : state;
}

/** What is said of the image that is shown; of all of them, where none is. */
function seenWords(state: GalleryState, shown: number | null, view: ImageView): string {
  if (state.before === null) return "not asked yet";
  if (shown !== null) return wordsFor(state, shown);
  return view === "both" ? "none changed" : `${view} the cut`;
}

/** What marks a fate beside its ring; nothing where right or wrong has not changed. */
const MARKS = { same: null, worse: X, better: Check, other: null } as const;

interface PixelsProps {
  readonly gallery: NonNullable<GalleryState["gallery"]>;
  readonly index: number;
}

interface StripImageProps extends PixelsProps {
  readonly state: GalleryState;
  readonly isOpen: boolean;
  /** Told which one is looked at. */
  readonly onLook: (index: number | null) => void;
  /** Told which one's detail is open. */
  readonly onOpen: (index: number | null) => void;
}

/** One image with its mark, and what hangs from it when it is pressed. */
function StripImage({ state, gallery, index, isOpen, onLook, onOpen }: StripImageProps) {
  const fate = fateOf(state, index);
  const Mark = MARKS[fate];
  return (
    <li>
      <button
        type="button"
        className={styles.image}
        data-fate={fate}
        aria-haspopup="dialog"
        title={spokenImage(state, index)}
        onPointerEnter={() => onLook(index)}
        onPointerLeave={() => onLook(null)}
        onFocus={() => onLook(index)}
        onBlur={() => onLook(null)}
        onClick={() => onOpen(index)}
      >
        <Pixels gallery={gallery} index={index} />
        {Mark !== null && (
          <span className={styles.mark} aria-hidden="true">
            <Mark size={10} strokeWidth={3} />
          </span>
        )}
      </button>
      {isOpen && <ImageDetail state={state} index={index} onClose={() => onOpen(null)} />}
    </li>
  );
}

/** One image. Not a canvas: each of those is a layer that the browser sorts in every frame of a drag. */
function Pixels({ gallery, index }: PixelsProps) {
  const address = useMemo(() => imageAddress(gallery, index), [gallery, index]);
  return <img src={address} alt="" />;
}
