/**
 * @file A button that is held: while it is down, by a finger, the pointer or a key, the page shows the network
 * before the cut. Letting go anywhere, or leaving the window, brings the cut back.
 */
import { ActionIcon } from "@mantine/core";
import { Eye } from "lucide-react";
import { useEffect } from "react";
import { useCommands, useSlider } from "../../state/index.ts";
import { named } from "../parts/named.ts";
import styles from "./PruneStep.module.css";

export function HoldUncut() {
  const isUncut = useSlider((state) => state.isUncut);
  const hasCut = useSlider((state) => (state.preview?.removed ?? 0) > 0);
  const { showUncut } = useCommands();
  // Whatever was held is let go with the step.
  useEffect(() => () => showUncut(false), [showUncut]);
  const release = (): void => showUncut(false);
  return (
    <ActionIcon
      variant="default"
      className={styles.hold ?? ""}
      {...named("Hold to see the network before the cut", "hold B")}
      aria-pressed={isUncut}
      disabled={!hasCut}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        showUncut(true);
      }}
      onPointerUp={release}
      onPointerCancel={release}
      onLostPointerCapture={release}
      onKeyDown={({ key, repeat }) => {
        if ((key === " " || key === "Enter") && !repeat) showUncut(true);
      }}
      onKeyUp={release}
      onBlur={release}
      // A long press is this button's use, and no wish for a menu.
      onContextMenu={(event) => event.preventDefault()}
    >
      <Eye size={16} />
    </ActionIcon>
  );
}
