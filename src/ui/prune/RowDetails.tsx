/**
 * @file What goes together with a row, why, and whose inputs shrink; and what can be done to the row. The
 * same for pointer, keyboard and finger, for whom it is the row's menu.
 */
import { Button, Popover } from "@mantine/core";
import { Lock, LockOpen } from "lucide-react";
import { useState } from "react";
import { useCommands, usePage, useWorkbench, type Layer } from "../../state/index.ts";
import { plural } from "../format.ts";
import { IsOver, Meant } from "../parts/Explained.tsx";
import { heldMeaning } from "../parts/meanings.ts";
import { useIsWide } from "../parts/use-media.ts";
import { CountField } from "./CountField.tsx";
import { useHeld } from "./held.ts";
import { Refused } from "./Refused.tsx";
import { Together } from "./Together.tsx";
import styles from "./RowDetails.module.css";

interface RowDetailsProps {
  readonly layer: Layer;
  readonly index: number;
  /** Where the row stands, in the rows' pixels. */
  readonly top: number;
  readonly height: number;
  readonly left: number;
  readonly onClose: () => void;
  /** Folds the row's stage; absent where that is but this row. */
  readonly onFold: (() => void) | undefined;
  /** True where the row has a leaf per channel already. */
  readonly isGrown: boolean;
  /** Grows it so, and back. */
  readonly onZoom: () => void;
}

export function RowDetails(props: RowDetailsProps) {
  const { layer, top, height, left, onClose } = props;
  const [problem, setProblem] = useState<string | null>(null);
  const held = useHeld(layer.name);
  const nodes = usePage((state) => state.session?.network.nodes);
  /** What was refused stays open to be read. */
  const onSaid = (said: string | null): void => {
    setProblem(said);
    if (said === null) onClose();
  };
  const isWide = useIsWide();
  const { length } = layer.layers;
  return (
    <Popover
      opened
      onChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      // Over the controls where they are beside the sheet, so that no row is covered.
      position={isWide ? "left-start" : "bottom-start"}
      offset={isWide ? 12 : 2}
      width={300}
      shadow="none"
      trapFocus
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>
        <span
          className={styles.anchor}
          style={{ top, height, left: isWide ? 0 : left }}
          aria-hidden="true"
        />
      </Popover.Target>
      <Popover.Dropdown className={styles.details ?? ""} aria-label={`Layer ${layer.name}`}>
        <h3 tabIndex={-1} data-autofocus>
          {length === 1 ? layer.name : `${layer.name} and ${plural(length - 1, "more", "more")}`}
        </h3>
        {held !== undefined && (
          <div className={styles.held}>
            <Meant {...heldMeaning(held)} />
          </div>
        )}
        <IsOver value>
          <Together group={layer} nodes={nodes ?? []} />
        </IsOver>
        <Ways {...props} onSaid={onSaid} />
        <div className={styles.actions}>
          <Keep {...props} />
          <span className={styles.lock}>
            <LockButton layer={layer} onSaid={onSaid} />
            <Refused text={problem} onDismiss={() => setProblem(null)} />
          </span>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

interface SaidProps {
  /** Told why something was refused; null where it was done. */
  readonly onSaid: (said: string | null) => void;
}

/** Other ways to look at the row, and back to what the method says of it. */
function Ways({
  layer,
  index,
  onClose,
  onFold,
  isGrown,
  onZoom,
  onSaid,
}: RowDetailsProps & SaidProps) {
  const { giveBack, inspect } = useCommands();
  const { slider } = useWorkbench();
  const isByHand = slider.getState().preview?.byHand.includes(index) === true;
  const closeAnd = (act: () => void) => (): void => {
    onClose();
    act();
  };
  return (
    <div className={styles.looks}>
      {onFold !== undefined && <Button onClick={closeAnd(onFold)}>Fold the stage</Button>}
      <Button onClick={closeAnd(onZoom)}>
        {isGrown ? "Back to one line" : "A leaf per channel"}
      </Button>
      <Button onClick={closeAnd(() => inspect(index, 0))}>Look into a channel</Button>
      {isByHand && (
        <Button onClick={() => onSaid(giveBack(layer.name))}>Give back to the method</Button>
      )}
    </div>
  );
}

function Keep({ layer, index, onClose }: RowDetailsProps) {
  return (
    <span className={styles.keep}>
      {layer.isLocked ? (
        "stays whole"
      ) : (
        <>
          Keep <CountField layer={layer} index={index} onDone={onClose} />
        </>
      )}
    </span>
  );
}

function LockButton({ layer, onSaid }: { readonly layer: Layer } & SaidProps) {
  const { toggleLock } = useCommands();
  const Sign = layer.isLocked ? LockOpen : Lock;
  return (
    <Button
      leftSection={<Sign size={14} aria-hidden="true" />}
      onClick={() => onSaid(toggleLock(layer.name))}
    >
      {layer.isLocked ? "Unlock" : "Lock"}
    </Button>
  );
}
