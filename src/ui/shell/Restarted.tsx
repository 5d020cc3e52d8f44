/**
 * @file Said once when the engine or its device was replaced, or a training was cut off with an earlier page: what is
 * lost, what can be done, and the technical words for whoever wants them.
 */
import { Button } from "@mantine/core";
import { useCommands, usePage, useSensitivity } from "../../state/index.ts";
import { Notice } from "../parts/Notice.tsx";

export function Restarted() {
  const text = usePage((state) => state.restarted);
  const details = usePage((state) => state.restartDetails);
  // A sweep that was broken off keeps its curves and goes on with the others.
  const isBroken = useSensitivity(
    ({ status, curves, isComplete }) => status !== "running" && curves.size > 0 && !isComplete,
  );
  const isTraining = usePage(({ step }) => step === "sparse" || step === "finetune");
  const { computeSensitivity, dismissRestart } = useCommands();
  if (text === null) return null;
  const rest = (): void => {
    dismissRestart();
    void computeSensitivity();
  };
  return (
    <Notice
      label="Restarted"
      isWarning
      actions={
        // Of a training that an earlier page has lost, there are no technical words.
        isBroken && !isTraining && details !== null ? (
          <Button size="compact-sm" onClick={rest}>
            Compute the rest<span className="visually-hidden"> of the sensitivity curves</span>
          </Button>
        ) : null
      }
      details={details}
      onDismiss={dismissRestart}
      dismiss="Dismiss"
    >
      {text}
    </Notice>
  );
}
