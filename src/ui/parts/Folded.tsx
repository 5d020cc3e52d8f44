/** @file A panel below its title that can be folded; what is in it is made when it is open. */
import { useState, type ReactNode } from "react";
import styles from "./Folded.module.css";

interface FoldedProps {
  readonly title: string;
  readonly isOpenAtFirst?: boolean;
  readonly children: ReactNode;
}

export function Folded({ title, isOpenAtFirst = false, children }: FoldedProps) {
  const [isOpen, setIsOpen] = useState(isOpenAtFirst);
  return (
    <details
      open={isOpenAtFirst}
      className={styles.panel}
      onToggle={(event) => setIsOpen(event.currentTarget.open)}
    >
      <summary>{title}</summary>
      {isOpen && children}
    </details>
  );
}
