/** @file What was written and how it was found to be right: the same facts as in the report. */
import { BadgeCheck } from "lucide-react";
import type { ExportRecord } from "../../worker/protocol.ts";
import { bytes, plural, score } from "../format.ts";
import { Term } from "../parts/Explained.tsx";
import styles from "./ExportStep.module.css";

export function Proof({ record }: { readonly record: ExportRecord }) {
  const { files, readBack, contains } = record;
  const parts = [record, ...contains];
  const moved = parts.find(({ folded }) => folded !== null)?.folded?.largestDifference;
  const sentences = [
    contains.length === 0 ? "" : `The ${contains.length} networks inside were read back as well.`,
    ...parts.flatMap(({ notes }) => notes.map(sentenceOf)),
    moved === undefined ? "" : movedBy(moved),
  ];
  return (
    <div className={styles.proof}>
      <p className={styles.badge}>
        <BadgeCheck size={16} aria-hidden="true" />
        <span>
          <Term of="proof" position="top-start">
            Read back
          </Term>
          : weights and logits bit-identical, {plural(readBack.images, "image")} on{" "}
          {readBack.backend}
        </span>
      </p>
      <details className={styles.details}>
        <summary>
          {files.map((file) => `${file.name}, ${bytes(file.bytes)}`).join("; ")}; remarks and
          SHA-256
        </summary>
        <p className="quiet">{sentences.filter((sentence) => sentence !== "").join(" ")}</p>
        {files.map((file) => (
          <dl key={file.name} className={styles.file}>
            <dt>{file.name}</dt>
            <dd className="quiet">{bytes(file.bytes)}</dd>
            <dd className={styles.hash}>
              <span className="quiet">
                <Term of="hash" position="top-start">
                  SHA-256
                </Term>
              </span>{" "}
              <code>{file.sha256}</code>
            </dd>
          </dl>
        ))}
      </details>
    </div>
  );
}

/** Remarks are written without a capital and a full stop, since the command line has them in lines. */
function sentenceOf(note: string): string {
  return `${(note[0] ?? "").toUpperCase()}${note.slice(1)}.`;
}

function movedBy(difference: number): string {
  return difference === 0
    ? "Folding moved no logit."
    : `Folding moved the logits by at most ${score(difference)}.`;
}
