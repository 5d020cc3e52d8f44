/**
 * @file The sheet of layers, and what belongs under it, with the channel that is looked into over its right, in the
 * place of the curves, or below where it is narrow.
 */
import type { ReactNode } from "react";
import {
  useCommands,
  useInspecting,
  useWorkbench,
  type Pruning,
  type Session,
} from "../../state/index.ts";
import { ChannelPanel } from "./ChannelPanel.tsx";
import { GRID_ID, LayerSheet } from "./LayerSheet.tsx";
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
    <div className={styles.box}>
      <div className={styles.instrument} data-open={isOpen}>
        <div className={styles.column}>
          <LayerSheet session={session} pruning={pruning} onEscape={isOpen ? close : undefined} />
          {children}
        </div>
        {isOpen && (
          <div className={styles.beside}>
            <ChannelPanel onClose={close} />
          </div>
        )}
      </div>
    </div>
  );
}
