/** @file A few lines of code with a button that copies them; several languages behind one another. */
import { Button } from "@mantine/core";
import { useState } from "react";
import type { Snippet } from "../../state/index.ts";
import { announce } from "../parts/announce.ts";
import { copyText } from "../parts/copy-text.ts";
import styles from "./ExportStep.module.css";

export function Snippets({ snippets }: { readonly snippets: readonly Snippet[] }) {
  const [shown, setShown] = useState("");
  const [isCopied, setIsCopied] = useState(false);
  const snippet = snippets.find(({ title }) => title === shown) ?? snippets[0];
  if (snippet === undefined) return null;
  const { code } = snippet;
  const copy = async (): Promise<void> => {
    // Without permission the text can still be selected by hand.
    const isThere = await copyText(code);
    setIsCopied(isThere);
    if (isThere) announce("code", "Copied");
    if (isThere) setTimeout(() => setIsCopied(false), 2000);
  };
  return (
    <div className={styles.snippet}>
      <div className={styles.snippetHead}>
        {snippets.length === 1 ? (
          <span className="quiet">{snippet.title}</span>
        ) : (
          <div className={styles.languages} role="group" aria-label="Code">
            {snippets.map(({ title }) => (
              <button
                key={title}
                type="button"
                aria-pressed={title === snippet.title}
                onClick={() => setShown(title)}
              >
                {title}
              </button>
            ))}
          </div>
        )}
        <Button size="compact-xs" onClick={() => void copy()}>
          {isCopied ? "Copied" : "Copy"}
          <span className="visually-hidden">{` ${snippet.title} code`}</span>
        </Button>
      </div>
      {/* A stop of its own, so that the keyboard can scroll a long line. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be within the keyboard's reach */}
      <pre tabIndex={0} role="group" aria-label={`${snippet.title} code`}>
        <code>{code}</code>
      </pre>
    </div>
  );
}
