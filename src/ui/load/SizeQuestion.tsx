/** @file A small form for the image size that a file leaves open; answered, the file opens. */
import { Button, TextInput } from "@mantine/core";
import type { FormEvent } from "react";
import { useCommands, useSizing } from "../../state/index.ts";
import styles from "./SizeQuestion.module.css";

export function SizeQuestion() {
  const question = useSizing((state) => state.question);
  const { answerSize, dismissSize, typeSize } = useCommands();
  if (question === null) return null;
  const { why, height, width, problem } = question;
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    void answerSize();
  };
  return (
    <form className={styles.question} onSubmit={onSubmit} aria-label="Image size" noValidate>
      <h2>For which image size?</h2>
      <p className={styles.why}>
        {why} Layers and costs follow from the size, so the network opens for one.
      </p>
      <div className={styles.pair}>
        <TextInput
          label="Height, pixels"
          inputMode="numeric"
          value={height}
          error={problem !== null}
          onChange={(event) => typeSize({ height: event.currentTarget.value })}
        />
        <TextInput
          label="Width, pixels"
          inputMode="numeric"
          value={width}
          error={problem !== null}
          onChange={(event) => typeSize({ width: event.currentTarget.value })}
        />
      </div>
      {problem !== null && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
      <div className={styles.buttons}>
        <Button type="submit" variant="filled">
          Open
        </Button>
        <Button onClick={dismissSize}>Cancel</Button>
      </div>
    </form>
  );
}
