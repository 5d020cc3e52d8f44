/**
 * @file One test image, large: what it is, and the classes that the network thinks of first, before the cut and
 * after it, each with its probability. It hangs on its image, and Escape closes it.
 */
import { Popover } from "@mantine/core";
import { useMemo } from "react";
import type { GalleryState } from "../../state/index.ts";
import { percent } from "../format.ts";
import { imageAddress } from "../parts/image-address.ts";
import { nameOfClass } from "./class-name.ts";
import { truthOf } from "./image-words.ts";
import styles from "./ImageDetail.module.css";

interface ImageDetailProps {
  readonly state: GalleryState;
  readonly index: number;
  readonly onClose: () => void;
}

export function ImageDetail({ state, index, onClose }: ImageDetailProps) {
  const { gallery, before, after } = state;
  const address = useMemo(
    () => (gallery === null ? "" : imageAddress(gallery, index)),
    [gallery, index],
  );
  return (
    <Popover
      opened
      onChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      position="top"
      offset={8}
      width={296}
      shadow="none"
      trapFocus
      returnFocus
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>
        <span className={styles.anchor} aria-hidden="true" />
      </Popover.Target>
      <Popover.Dropdown className={styles.detail ?? ""} aria-label="Test image">
        <div className={styles.head}>
          <img src={address} alt="" width={72} height={72} />
          <h3 tabIndex={-1} data-autofocus>
            {truthOf(state, index)}
          </h3>
        </div>
        <Guesses title="before" state={state} index={index} said={before} />
        {after !== before && <Guesses title="after" state={state} index={index} said={after} />}
      </Popover.Dropdown>
    </Popover>
  );
}

interface GuessesProps {
  readonly title: string;
  readonly state: GalleryState;
  readonly index: number;
  readonly said: GalleryState["before"];
}

/** The true class is said by its weight and a word. */
function Guesses({ title, state: { classes, gallery }, index, said }: GuessesProps) {
  const guesses = said?.guesses[index] ?? [];
  const truth = gallery?.labels[index];
  return (
    <div>
      <h4>{title}</h4>
      {guesses.length === 0 && <p className="quiet">not asked yet</p>}
      <ol className={styles.guesses}>
        {guesses.map(({ label, share }) => (
          <li key={label} data-right={label === truth}>
            <span>
              {nameOfClass(classes, label)}
              {label === truth && <span className="visually-hidden">, right</span>}
            </span>
            <span className={styles.bar} aria-hidden="true">
              <i style={{ width: `${100 * share}%` }} />
            </span>
            <span className={styles.share}>{percent(share, 0)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
