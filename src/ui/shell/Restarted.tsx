/**
 * @file Said once, over the page and without moving it, when the engine or its device was replaced: what is
 * lost, what can be done, and the technical words for whoever wants them.
 */
import { ActionIcon, Button } from "@mantine/core";
import { X } from "lucide-react";
import { useCommands, usePage, useSensitivity } from "../../state/index.ts";
import styles from "./Restarted.module.css";

export function Restarted() {
  const text = usePage((state) => state.restarted);
  const details = usePage((state) => state.restartDetails);
  const { dismissRestart } = useCommands();
  if (text === null) return null;
  return (
    <div className={styles.restarted} role="alert">
      <p>{text}</p>
      <Rest />
      <ActionIcon aria-label="Dismiss" onClick={dismissRestart}>
        <X size={16} />
      </ActionIcon>
      {details !== null && (
        <details className={styles.details}>
          <summary>Details</summary>
          <p className="quiet">{details}</p>
        </details>
      )}
    </div>
  );
}

/** A sweep that was broken off keeps its curves and goes on with the others. */
function Rest() {
  const isBroken = useSensitivity(
    ({ status, curves, isComplete }) => status !== "running" && curves.size > 0 && !isComplete,
  );
  const isTraining = usePage(({ step }) => step === "sparse" || step === "finetune");
  const { computeSensitivity, dismissRestart } = useCommands();
  if (!isBroken || isTraining) return null;
  const go = (): void => {
    dismissRestart();
    void computeSensitivity();
  };
  return (
    <Button size="compact-sm" onClick={go}>
      Compute the rest
    </Button>
  );
}
