/**
 * @file Where a part of the page that cannot be drawn is told in a sentence, and the rest goes on: a chunk that
 * the server no longer has, or does not answer for. A class, as React knows no other way.
 */
import { Component, type ReactNode } from "react";
import styles from "./Problem.module.css";

interface BoundaryProps {
  readonly children: ReactNode;
  /** What is within, as the sentence begins: "The training panel". */
  readonly what: string;
}

export class Boundary extends Component<BoundaryProps, { readonly hasFailed: boolean }> {
  override readonly state = { hasFailed: false };

  static getDerivedStateFromError(): { readonly hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <div className={styles.problem} role="alert">
        <p>
          {`${this.props.what} could not be loaded; reload the page. The networks and runs are unharmed, and what is kept in the browser is there again.`}
        </p>
      </div>
    );
  }
}
