/** @file What is open over a row: its number as a field, its details, or why it was not locked. */
import { Popover } from "@mantine/core";
import type { Layer } from "../../state/index.ts";
import { rowOfLayer, type Columns, type RowLayout } from "../charts/row-layout.ts";
import { Meant } from "../parts/Explained.tsx";
import explained from "../parts/Explained.module.css";
import { heldMeaning } from "../parts/meanings.ts";
import { useEscape } from "../parts/use-escape.ts";
import { CountField } from "./CountField.tsx";
import { Refused } from "./Refused.tsx";
import { useHeld } from "./held.ts";
import { RowDetails } from "./RowDetails.tsx";
import type { Folds } from "./use-folds.ts";
import type { RowTools } from "./use-row-tools.ts";
import type { Zoom } from "./use-zoom.ts";
import styles from "./LayerSheet.module.css";

interface RowOverlayProps {
  readonly tools: RowTools;
  readonly layers: readonly Layer[];
  readonly rows: RowLayout;
  readonly columns: Columns;
  readonly folds: Folds;
  readonly zoom: Zoom;
}

interface WhyHeldProps {
  readonly name: string;
  readonly onClose: () => void;
  /** The pointer is on the words, or has left them. */
  readonly onWords: (isThere: boolean) => void;
}

/** Why a row stopped where it did, below its number. */
function WhyHeld({ name, onClose, onWords }: WhyHeldProps) {
  const held = useHeld(name);
  useEscape(held !== undefined, onClose);
  if (held === undefined) return null;
  return (
    <Popover
      opened
      onChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      position="bottom-end"
      offset={2}
      width={288}
      shadow="none"
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>
        <span className={styles.under} aria-hidden="true" />
      </Popover.Target>
      <Popover.Dropdown
        className={explained.words ?? ""}
        aria-label={`Why ${name} stopped`}
        onPointerEnter={() => onWords(true)}
        onPointerLeave={() => onWords(false)}
      >
        <Meant {...heldMeaning(held)} />
      </Popover.Dropdown>
    </Popover>
  );
}

export function RowOverlay({ tools, layers, rows, columns, folds, zoom }: RowOverlayProps) {
  const { open, close } = tools;
  const layer = layers[open?.index ?? -1];
  const row = rows.rows[rowOfLayer(rows, open?.index ?? null)];
  if (open === null || layer === undefined || row === undefined) return null;
  const { top, line: height, stage } = row;
  if (open.kind === "details") {
    return (
      <RowDetails
        key={layer.name}
        layer={layer}
        index={open.index}
        top={top}
        height={height}
        left={columns.name.x}
        onClose={close}
        isGrown={zoom.layer === open.index}
        onZoom={() => zoom.toggle(open.index)}
        onFold={folds.canFold(stage) ? () => folds.toggle(stage) : undefined}
      />
    );
  }
  const { x, width } = columns.count;
  return (
    <div
      key={layer.name}
      className={styles.editing}
      style={{ top, height, right: `calc(100% - ${x + width}px)` }}
    >
      {open.kind === "guard" ? (
        <WhyHeld name={layer.name} onClose={close} onWords={tools.onWords} />
      ) : open.kind === "count" ? (
        <CountField isInPlace layer={layer} index={open.index} onDone={close} />
      ) : (
        <Refused text={open.text ?? ""} onDismiss={close} />
      )}
    </div>
  );
}
