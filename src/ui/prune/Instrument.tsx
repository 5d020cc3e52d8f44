/**
 * @file The sheet of layers, and what belongs under it, with the channel that is looked into: in the margin and in the
 * place of the curves, beside the sheet where the window is wide, or below where it is narrow.
 */
import { useRef, type CSSProperties, type ReactNode } from "react";
import {
  useCommands,
  useInspecting,
  useWorkbench,
  type Pruning,
  type Session,
} from "../../state/index.ts";
import { BESIDE, coveredBy } from "../charts/row-layout.ts";
import { useSize } from "../parts/use-size.ts";
import { ChannelPanel } from "./ChannelPanel.tsx";
import { LayerSheet } from "./LayerSheet.tsx";
import { GRID_ID } from "./SheetGrid.tsx";
import styles from "./Instrument.module.css";

interface InstrumentProps {
  readonly session: Session;
  readonly pruning: Pruning;
  /** Stands under the sheet. */
  readonly children?: ReactNode;
}

export function Instrument({ session, pruning, children }: InstrumentProps) {
  const isOpen = useInspecting((state) => state.chosen !== null);
  const { inspecting } = useWorkbench();
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const covered = isOpen ? coveredBy(width) : 0;
  const { closeInspector, hover } = useCommands();
  const close = (): void => {
    const { chosen } = inspecting.getState();
    closeInspector();
    document.getElementById(GRID_ID)?.focus({ preventScroll: true });
    // The keyboard goes on from the channel that it had come to.
    const index = pruning.layers.findIndex(({ name }) => name === chosen?.layer);
    const rank = pruning.layers[index]?.order.indexOf(chosen?.channel ?? -1) ?? -1;
    if (rank >= 0) hover(index, rank);
  };
  return (
    <div className={styles.box} ref={box}>
      <div
        className={styles.instrument}
        data-open={isOpen}
        data-covered={covered > 0}
        style={{ "--covered": `${covered}px` } as CSSProperties}
      >
        <div className={styles.column}>
          <LayerSheet
            session={session}
            pruning={pruning}
            covered={covered}
            onEscape={isOpen ? close : undefined}
          />
          {children}
        </div>
        {isOpen && (
          <div className={styles.beside}>
            <ChannelPanel isBeside={width >= BESIDE} onClose={close} />
          </div>
        )}
      </div>
    </div>
  );
}
