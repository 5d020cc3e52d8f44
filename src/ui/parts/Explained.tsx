/**
 * @file A term with its meaning one hover, focus or tap away. The words stand over the page; Escape and
 * leaving close them.
 */
import { Popover } from "@mantine/core";
import { useState, type KeyboardEvent, type ReactNode } from "react";
import styles from "./Explained.module.css";

interface ExplainedProps {
  /** The term as it stands on the page. */
  readonly children: ReactNode;
  readonly words: ReactNode;
  /** Of the words, px. */
  readonly width?: number;
  readonly position?: "bottom" | "bottom-start" | "bottom-end" | "top";
}

export function Explained({ children, words, width = 288, position = "bottom" }: ExplainedProps) {
  const [isOpen, setIsOpen] = useState(false);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !isOpen) return;
    event.preventDefault();
    setIsOpen(false);
  };
  return (
    <Popover
      opened={isOpen}
      onChange={setIsOpen}
      position={position}
      offset={6}
      width={width}
      shadow="none"
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>
        <button
          type="button"
          className={styles.term}
          onPointerEnter={({ pointerType }) => {
            if (pointerType === "mouse") setIsOpen(true);
          }}
          onPointerLeave={({ pointerType }) => {
            if (pointerType === "mouse") setIsOpen(false);
          }}
          onFocus={() => setIsOpen(true)}
          onBlur={() => setIsOpen(false)}
          onClick={() => setIsOpen(true)}
          onKeyDown={onKeyDown}
        >
          {children}
        </button>
      </Popover.Target>
      <Popover.Dropdown className={styles.words ?? ""}>{words}</Popover.Dropdown>
    </Popover>
  );
}
