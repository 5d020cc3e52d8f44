/** @file The sheet of layers with the channel that is looked into beside it, or below where it is narrow. */
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
}

export function Instrument({ session, pruning }: InstrumentProps) {
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
        <LayerSheet session={session} pruning={pruning} onEscape={isOpen ? close : undefined} />
        {isOpen && <ChannelPanel onClose={close} />}
      </div>
    </div>
  );
}
