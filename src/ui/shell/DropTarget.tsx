/**
 * @file The whole page takes files: dropped anywhere, or pasted; and links that are pasted. While something is dragged over it,
 * the page says what it would do.
 */
import { useEffect, useState } from "react";
import type { Dropped } from "../../files/index.ts";
import { useCommands } from "../../state/index.ts";
import { droppedFiles } from "../parts/dropped-files.ts";
import styles from "./DropTarget.module.css";

export function DropTarget() {
  const [isOver, setIsOver] = useState(false);
  const { openFiles, openPasted } = useCommands();
  useEffect(() => {
    const carriesFiles = (event: DragEvent): boolean =>
      event.dataTransfer?.types.includes("Files") === true;
    const take = (files: readonly Dropped[]): void => {
      if (files.length === 0) return;
      void openFiles(files);
    };
    const onOver = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setIsOver(true);
    };
    const onLeave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setIsOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setIsOver(false);
      if (event.dataTransfer !== null) void droppedFiles(event.dataTransfer).then(take);
    };
    const onPaste = ({ clipboardData, target }: ClipboardEvent): void => {
      const files = [...(clipboardData?.files ?? [])];
      take(files);
      // What is pasted into a field is the field's.
      const isTyped = target instanceof Element && target.closest("input, textarea") !== null;
      const text = clipboardData?.getData("text/plain") ?? "";
      if (files.length === 0 && !isTyped) void openPasted(text);
    };
    document.addEventListener("dragover", onOver);
    document.addEventListener("dragleave", onLeave);
    document.addEventListener("drop", onDrop);
    document.addEventListener("paste", onPaste);
    return () => {
      document.removeEventListener("dragover", onOver);
      document.removeEventListener("dragleave", onLeave);
      document.removeEventListener("drop", onDrop);
      document.removeEventListener("paste", onPaste);
    };
  }, [openFiles, openPasted]);
  if (!isOver) return null;
  return (
    <div className={styles.over}>
      <p>Drop a network or images</p>
    </div>
  );
}
