/** @file One sentence about what went wrong, where it went wrong, until it is dismissed. */
import { ActionIcon } from "@mantine/core";
import { X } from "lucide-react";
import { useCommands, usePage, type Step } from "../../state/index.ts";
import styles from "./Problem.module.css";

export function Problem({ step }: { readonly step: Step }) {
  const text = usePage((state) => state.problems[step]);
  const { dismissProblem } = useCommands();
  if (text === undefined) return null;
  return <Sentence text={text} onDismiss={() => dismissProblem(step)} />;
}

interface SentenceProps {
  readonly text: string;
  readonly onDismiss: () => void;
}

export function Sentence({ text, onDismiss }: SentenceProps) {
  return (
    <div className={styles.problem} role="alert">
      <p>{text}</p>
      <ActionIcon aria-label="Dismiss" onClick={onDismiss}>
        <X size={16} />
      </ActionIcon>
    </div>
  );
}
