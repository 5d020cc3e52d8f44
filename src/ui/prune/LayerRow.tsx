/**
 * @file A layer's names and numbers in the sheet. A drag writes into its cells without rendering. Its
 * tools are for the pointer; the keyboard has keys for them on the row that is highlighted.
 */
import { Lock, LockOpen, Undo2 } from "lucide-react";
import { useSensitivity, within, type Layer } from "../../state/index.ts";
import type { Columns, SheetRow } from "../charts/row-layout.ts";
import { count, percentValue, THIN } from "../format.ts";
import { named } from "../parts/named.ts";
import { StageLabel } from "./StageLabel.tsx";
import styles from "./LayerSheet.module.css";

/** What is written without rendering. */
export interface LayerCells {
  /** Highlighted under the pointer. */
  readonly row: HTMLElement;
  /** Channels that stay. */
  readonly count: HTMLElement;
}

/** What a press on a part of a row does. */
export type RowTool = "count" | "lock" | "details" | "guard" | "back";

/** The id by which a screen reader is told which row is highlighted. */
export const rowId = (index: number): string => `layer-row-${index}`;

/** The same for a folded stage. */
export const stageId = (stage: number): string => `stage-row-${stage}`;

interface LayerRowProps {
  readonly layer: Layer;
  /** The channels that it began with. */
  readonly whole: number;
  readonly index: number;
  readonly row: SheetRow;
  /** Among the rows; less than `index` below folded stages. */
  readonly at: number;
  /** True on the first row of a stage that there is something to fold of. */
  readonly canFold: boolean;
  /** In its group, CSS pixels. */
  readonly top: number;
  readonly columns: Columns;
  /** Gives the cells, and null when they go. */
  readonly onMount: (cells: LayerCells | null) => void;
}

export function LayerRow(props: LayerRowProps) {
  const { layer, whole, index, row, at, canFold, top, columns, onMount } = props;
  return (
    <div
      role="row"
      id={rowId(index)}
      aria-rowindex={at + 1}
      className={styles.row}
      data-index={index}
      data-stage={row.stage}
      data-locked={layer.isLocked}
      style={{ top, height: row.height, lineHeight: `${row.line}px` }}
      ref={(element) => {
        const kept = element?.querySelector<HTMLElement>("b");
        onMount(element && kept ? { row: element, count: kept } : null);
      }}
    >
      <Name layer={layer} columns={columns} />
      <Count layer={layer} whole={whole} columns={columns} />
      {columns.lock !== null && <LockButton layer={layer} at={columns.lock} height={row.line} />}
      {columns.within !== null && (
        <Within name={layer.name} x={columns.within.x} width={columns.within.width} />
      )}
      {/* Last, so that a row begins with its name whichever way it is read. */}
      {row.isFirst && (
        <StageLabel
          stage={row.stage}
          resolution={layer.resolution}
          columns={columns}
          isFolded={false}
          canFold={canFold}
        />
      )}
    </div>
  );
}

interface CellProps {
  readonly layer: Layer;
  readonly columns: Columns;
}

/** With how many more layers it stands for. */
function Name({ layer, columns }: CellProps) {
  const others = layer.layers.length - 1;
  return (
    <span
      role="rowheader"
      className={styles.name}
      style={{ left: columns.name.x, width: columns.name.width }}
      title={layer.name}
    >
      <span className={styles.nameText}>{layer.name}</span>
      {others > 0 && (
        <button
          type="button"
          tabIndex={-1}
          className={styles.others}
          data-tool="details"
          title={`${count(others)} more layers go together with it`}
          aria-label={`and ${count(others)} more`}
        >
          +{count(others)}
        </button>
      )}
      {columns.lock === null && layer.isLocked && (
        <Lock size={14} className={styles.locked} aria-label="locked" />
      )}
    </span>
  );
}

/** Seen on layers that were set by hand, which it marks. */
function BackButton({ name }: { readonly name: string }) {
  const says = `Set by hand; give ${name} back to the method`;
  return (
    <button type="button" tabIndex={-1} className={styles.back} data-tool="back" {...named(says)}>
      <Undo2 size={14} aria-hidden="true" />
    </button>
  );
}

function Count({ layer, whole, columns }: CellProps & Pick<LayerRowProps, "whole">) {
  const before = whole > layer.of ? `; ${count(layer.of)} are left of ${count(whole)}` : "";
  return (
    <span
      role="gridcell"
      className={styles.count}
      style={{ left: columns.count.x, width: columns.count.width }}
    >
      <button
        type="button"
        tabIndex={-1}
        className={styles.guard}
        data-tool="guard"
        aria-label="Stopped by the guard: why"
      />
      <button
        type="button"
        tabIndex={-1}
        data-tool="count"
        disabled={layer.isLocked}
        title={`${layer.isLocked ? "Locked layers stay whole" : "Set how many stay"}${before}`}
      >
        <b>{count(layer.of)}</b>
        {` / ${count(whole)}`}
      </button>
    </span>
  );
}

interface LockButtonProps {
  readonly layer: Layer;
  readonly at: { readonly x: number; readonly width: number };
  readonly height: number;
}

function LockButton({ layer, at, height }: LockButtonProps) {
  // Pressed or not, it has one name.
  const name = `Lock ${layer.name}: it stays whole`;
  const Icon = layer.isLocked ? Lock : LockOpen;
  return (
    <span role="gridcell" className={styles.lock} style={{ left: at.x, width: at.width, height }}>
      {!layer.isLocked && <BackButton name={layer.name} />}
      <button
        type="button"
        tabIndex={-1}
        data-tool="lock"
        {...named(name)}
        title={layer.isLocked ? `Unlock ${layer.name}` : name}
        aria-pressed={layer.isLocked}
      >
        <Icon size={14} aria-hidden="true" />
      </button>
    </span>
  );
}

interface WithinProps {
  readonly name: string;
  readonly x: number;
  readonly width: number;
}

/** How much of one layer can go alone before a point of accuracy is lost. */
function Within({ name, x, width }: WithinProps) {
  const samples = useSensitivity((state) => state.curves.get(name));
  const base = useSensitivity((state) => state.base);
  const safe = samples === undefined || base === null ? null : within(samples, base, 0.01);
  return (
    <span role="gridcell" className={styles.within} style={{ left: x, width }}>
      {safe === null ? "" : `${percentValue(safe, 0)}${THIN}%`}
    </span>
  );
}
