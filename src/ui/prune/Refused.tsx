/**
 * @file Why something was not done, in one sentence, over the page below the control that asked for it:
 * nothing moves when it comes or goes.
 */
import { ActionIcon } from "@mantine/core";
import { X } from "lucide-react";
import styles from "./Refused.module.css";

interface RefusedProps {
  readonly text: string | null;
  readonly onDismiss: () => void;
  /** The side of the control with which it is flush; it may be wider. */
  readonly side?: "left" | "right";
}

export function Refused({ text, onDismiss, side = "right" }: RefusedProps) {
  if (text === null) return null;
  return (
    <div className={styles.refused} data-side={side} role="alert">
      <p>{text}</p>
      <ActionIcon aria-label="Dismiss" onClick={onDismiss}>
        <X size={16} aria-hidden="true" />
      </ActionIcon>
    </div>
  );
}
