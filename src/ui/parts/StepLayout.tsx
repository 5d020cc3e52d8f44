/** @file A step's two sides: controls on the left, what they change on the right; one column when narrow. */
import type { ReactNode } from "react";
import styles from "./StepLayout.module.css";

interface StepLayoutProps {
  readonly controls: ReactNode;
  readonly children: ReactNode;
}

export function StepLayout({ controls, children }: StepLayoutProps) {
  return (
    <div className={styles.step}>
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
