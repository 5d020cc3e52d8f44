/** @file A channel's filter drawn: in colour for a picture's channels, else its mean and largest slices. */
import { useMemo } from "react";
import type { Pruning } from "../../state/index.ts";
import { filterPictures } from "../charts/pixels.ts";
import { PixelCanvas } from "../parts/PixelCanvas.tsx";
import styles from "./ChannelPanel.module.css";

interface FilterViewProps {
  readonly anatomy: ReturnType<Pruning["anatomyOf"]>;
  readonly layer: string;
}

export function FilterView({ anatomy: { filter }, layer }: FilterViewProps) {
  const pictures = useMemo(() => (filter === null ? [] : filterPictures(filter)), [filter]);
  if (filter === null) {
    return (
      <div>
        <h3>Filter</h3>
        <p className="quiet">None: {layer} only selects channels of what it reads.</p>
      </div>
    );
  }
  const { height, width, inputs } = filter;
  const [first] = pictures;
  const isAlone = pictures.length === 1;
  return (
    <div>
      <h3>
        Filter{" "}
        <span className="quiet">
          {height} × {width} × {inputs}
        </span>
      </h3>
      <ul className={styles.filters}>
        {pictures.map(({ title, pixels }) => (
          <li key={title}>
            <PixelCanvas
              pixels={pixels}
              width={isAlone ? 84 : 40}
              label={`Filter of ${layer}, ${title}`}
            />
            <span aria-hidden="true">{title}</span>
          </li>
        ))}
      </ul>
      <p className={styles.note}>
        {first?.title.startsWith("red") === true
          ? "grey is zero; brighter is more"
          : "black negative, grey zero, white positive"}
      </p>
    </div>
  );
}
