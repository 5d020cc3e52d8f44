/** @file What a channel says of one of the test images: the image, the map beside it, and the choice of images. */
import { useMemo } from "react";
import { useCommands, useGallery, useInspecting, type GalleryState } from "../../state/index.ts";
import { mapPicture } from "../charts/pixels.ts";
import { score } from "../format.ts";
import { Term } from "../parts/Explained.tsx";
import { imageAddress } from "../parts/image-address.ts";
import { described } from "../parts/named.ts";
import { PixelCanvas } from "../parts/PixelCanvas.tsx";
import { nameOfClass } from "./class-name.ts";
import styles from "./ChannelPanel.module.css";

interface ChannelMapProps {
  /** Of the node. */
  readonly channel: number;
  /** Where the map is seen. */
  readonly node: string;
}

/** Of both pictures, CSS pixels. */
const SIDE = 96;

export function ChannelMap({ channel, node }: ChannelMapProps) {
  const gallery = useGallery((state) => state.gallery);
  const classes = useGallery((state) => state.classes);
  const image = useInspecting((state) => state.image);
  const addresses = useMemo(
    () => gallery?.labels.map((_, i) => imageAddress(gallery, i)) ?? [],
    [gallery],
  );
  if (gallery === null) {
    return (
      <div>
        <h3>Feature map</h3>
        <p className="quiet">– it needs test images; load some under Load</p>
      </div>
    );
  }
  const named = (i: number): string => nameOfClass(classes, gallery.labels[i] ?? 0);
  return (
    <div>
      <h3>
        <Term of="featureMap" position="top-start">
          Feature map
        </Term>{" "}
        <span className="quiet">at {node}</span>
      </h3>
      <div className={styles.map}>
        <img src={addresses[image]} alt={named(image)} width={SIDE} height={SIDE} />
        <Map channel={channel} node={node} of={named(image)} />
      </div>
      <Choice gallery={gallery} addresses={addresses} named={named} />
    </div>
  );
}

function Map({ channel, node, of }: ChannelMapProps & { readonly of: string }) {
  const maps = useInspecting((state) => state.maps);
  const picture = useMemo(
    () => (maps?.node === node ? mapPicture(maps, channel) : null),
    [maps, node, channel],
  );
  if (picture === null || maps === null) {
    return (
      <p className={styles.missing} style={{ width: SIDE, height: SIDE }}>
        {"\u2013"}
      </p>
    );
  }
  const { pixels, low, high } = picture;
  return (
    <div style={{ width: SIDE }}>
      <PixelCanvas pixels={pixels} width={SIDE} label={`Feature map of the image, ${of}`} />
      <p className={styles.note}>
        {maps.height} × {maps.width}, {score(low)} to {score(high)}
      </p>
    </div>
  );
}

interface ChoiceProps {
  readonly gallery: NonNullable<GalleryState["gallery"]>;
  readonly addresses: readonly string[];
  readonly named: (image: number) => string;
}

function Choice({ gallery, addresses, named }: ChoiceProps) {
  const image = useInspecting((state) => state.image);
  const { inspectOn } = useCommands();
  return (
    <ul className={styles.images} aria-label="Image to look at">
      {addresses.map((address, i) => (
        <li key={gallery.indices[i]}>
          <button
            type="button"
            aria-pressed={i === image}
            aria-label={`${named(i)}, image ${i + 1}`}
            {...described("")}
            title={named(i)}
            onClick={() => inspectOn(i)}
          >
            <img src={address} alt="" />
          </button>
        </li>
      ))}
    </ul>
  );
}
