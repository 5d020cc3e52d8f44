/**
 * @file What is so, and what can be done about it, on a sheet of its own over the page: it comes and goes and moves
 * nothing. A warning is spoken at once, anything else when there is time.
 */
import { ActionIcon } from "@mantine/core";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import styles from "./Notice.module.css";

interface NoticeProps {
  /** What it is about, such as "Link". */
  readonly label: string;
  readonly isWarning?: boolean;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
  /** The technical words, for whoever wants them. */
  readonly details?: string | null;
  readonly onDismiss: () => void;
  /** The name of the button that closes it. */
  readonly dismiss: string;
}

export function Notice(props: NoticeProps) {
  const { label, isWarning = false, children, actions, details = null, onDismiss, dismiss } = props;
  return (
    <section
      className={styles.notice}
      aria-label={label}
      role={isWarning ? "alert" : "status"}
      data-warning={isWarning}
    >
      <p>{children}</p>
      <ActionIcon aria-label={dismiss} onClick={onDismiss}>
        <X size={16} />
      </ActionIcon>
      <div className={styles.actions}>{actions}</div>
      {details !== null && (
        <details className={styles.details}>
          <summary>Details</summary>
          <p className="quiet">{details}</p>
        </details>
      )}
    </section>
  );
}

/** Where they lie, one above the other: at the window's end, and above what is docked there. */
export function Notices({ children }: { readonly children: ReactNode }) {
  return <div className={styles.notices}>{children}</div>;
}
