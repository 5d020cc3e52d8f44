/** @file The list of keys, made from the actions that have any, and of what single controls listen for. */
import { Modal } from "@mantine/core";
import type { Reach } from "../actions/action.ts";
import { KEYS, listActions, LOCAL_KEYS } from "../actions/list.ts";
import { useEscape } from "../parts/use-escape.ts";
import { useIsWide } from "../parts/use-media.ts";
import { keysOf } from "./key-words.ts";
import styles from "./KeyList.module.css";

interface KeyListProps {
  readonly reach: Reach;
  readonly onClose: () => void;
}

export function KeyList({ reach, onClose }: KeyListProps) {
  useEscape(true, onClose);
  const isWide = useIsWide();
  const actions = listActions(reach).filter(({ id }) => id in KEYS);
  return (
    <Modal.Root
      opened
      onClose={onClose}
      size={isWide ? 960 : 480}
      yOffset="8vh"
      shadow="none"
      transitionProps={{ duration: 0 }}
      closeOnEscape={false}
    >
      <Modal.Overlay transitionProps={{ duration: 0 }} />
      <Modal.Content>
        {/* Not the library's header, which would be a second banner of the page. */}
        <div className={styles.head}>
          <Modal.Title>Keys</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </div>
        {/* Nor its body: all of it would be read out as what describes the dialog. */}
        <div className={styles.body}>
          <dl className={styles.keys}>
            {actions.map(({ id, title }) => (
              <div key={id}>
                <dt>{keysOf(id)}</dt>
                <dd>{title}</dd>
              </div>
            ))}
            {LOCAL_KEYS.map(({ keys, text }) => (
              <div key={text}>
                <dt>{keys}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </div>
      </Modal.Content>
    </Modal.Root>
  );
}
