/** @file A few lines of code with a button that copies them. */
import { Button } from "@mantine/core";
import { useState } from "react";
import styles from "./ExportStep.module.css";

interface SnippetProps {
  readonly code: string;
  readonly language: string;
}

export function Snippet({ code, language }: SnippetProps) {
  const [isCopied, setIsCopied] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(code);
      setIsCopied(true);
      setTimeout(() => setIsCopied(false), 2000);
    } catch {
      // Without permission the text can still be selected by hand.
      setIsCopied(false);
    }
  };
  return (
    <div className={styles.snippet}>
      <div className={styles.snippetHead}>
        <span className="quiet">{language}</span>
        <Button size="compact-xs" onClick={() => void copy()}>
          {isCopied ? "Copied" : "Copy"}
        </Button>
      </div>
      {/* A stop of its own, so that the keyboard can scroll a long line. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0}>
        <code>{code}</code>
      </pre>
    </div>
  );
}
