/**
 * @file One quiet line under the top bar: what is so, and what can be done about it. A warning is spoken at
 * once, anything else when there is time.
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
  readonly onDismiss: () => void;
  /** The name of the button that closes it. */
  readonly dismiss: string;
}

export function Notice(props: NoticeProps) {
  const { label, isWarning = false, children, actions, onDismiss, dismiss } = props;
  return (
    <section
      className={styles.notice}
      aria-label={label}
      role={isWarning ? "alert" : "status"}
      data-warning={isWarning}
    >
      <p>{children}</p>
      {actions}
      <ActionIcon aria-label={dismiss} onClick={onDismiss}>
        <X size={16} />
      </ActionIcon>
    </section>
  );
}
