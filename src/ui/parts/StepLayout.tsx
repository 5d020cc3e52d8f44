/** @file A step's two sides: controls on the left, what they change on the right; one column when narrow. */
import { useEffect, useRef, type ReactNode } from "react";
import styles from "./StepLayout.module.css";

interface StepLayoutProps {
  readonly controls: ReactNode;
  readonly children: ReactNode;
  /** In one column the sheet comes first, and into sight. */
  readonly isSheetFirst?: boolean;
}

export function StepLayout({ controls, children, isSheetFirst = false }: StepLayoutProps) {
  const step = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isSheetFirst) step.current?.scrollTo({ top: 0 });
  }, [isSheetFirst]);
  return (
    <div ref={step} className={styles.step} data-sheet-first={isSheetFirst}>
      <section className={styles.controls} aria-label="Controls">
        {controls}
      </section>
      {/* A stop of its own, so that the keyboard can scroll a sheet that has no controls. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be within the keyboard's reach */}
      <section className={styles.sheet} aria-label="Sheet" tabIndex={0}>
        {children}
      </section>
    </div>
  );
}
