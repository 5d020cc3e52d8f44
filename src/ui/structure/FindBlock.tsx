/** @file A field that finds blocks by their names: all that match are marked, Enter goes from one to the next. */
import { TextInput } from "@mantine/core";
import { useState, type KeyboardEvent } from "react";
import { count } from "../format.ts";
import { findBlocks } from "./find-blocks.ts";
import styles from "./GraphView.module.css";

interface FindBlockProps {
  /** The names, in forward order. */
  readonly ids: readonly string[];
  readonly onFind: (id: string) => void;
  readonly onMatches: (ids: ReadonlySet<string>) => void;
}

export function FindBlock({ ids, onFind, onMatches }: FindBlockProps) {
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(-1);
  const matches = findBlocks(ids, query);
  const look = (text: string): void => {
    setQuery(text);
    setAt(-1);
    onMatches(new Set(findBlocks(ids, text)));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && query !== "") {
      event.preventDefault();
      look("");
    }
    if (event.key !== "Enter" || event.nativeEvent.isComposing || matches.length === 0) return;
    event.preventDefault();
    const step = event.shiftKey ? -1 : 1;
    const next = at < 0 && step < 0 ? matches.length - 1 : at + step;
    const place = (next + matches.length) % matches.length;
    setAt(place);
    const found = matches[place];
    if (found !== undefined) onFind(found);
  };
  const words = query === "" ? "" : matches.length === 0 ? "none" : wordsFor(at, matches.length);
  return (
    <search className={styles.find}>
      <TextInput
        aria-label="Find a layer"
        placeholder="Find a layer"
        autoComplete="off"
        spellCheck={false}
        value={query}
        onChange={(event) => look(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <span className={styles.matches} role="status">
        {words}
      </span>
    </search>
  );
}

function wordsFor(at: number, total: number): string {
  return at < 0 ? count(total) : `${count(at + 1)} of ${count(total)}`;
}
