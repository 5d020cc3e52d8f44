/** @file One file that can be taken away: what it is and its button on the left, code on the right. */
import type { ReactNode } from "react";
import styles from "./ExportStep.module.css";

interface FormatProps {
  readonly title: string;
  /** What one takes it for, where it is the one to take. */
  readonly purpose?: string | undefined;
  readonly text: string;
  readonly code: ReactNode;
  readonly children: ReactNode;
}

export function Format({ title, purpose, text, code, children }: FormatProps) {
  return (
    <section className={styles.format} aria-label={title}>
      <div className={styles.about}>
        {purpose !== undefined && <p className={styles.purpose}>{purpose}</p>}
        <h2>{title}</h2>
        <p className="quiet">{text}</p>
        {children}
      </div>
      {code}
    </section>
  );
}
