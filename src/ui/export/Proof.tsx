/** @file What was written and how it was found to be right: the same facts as in the report. */
import { BadgeCheck } from "lucide-react";
import type { ExportRecord } from "../../worker/protocol.ts";
import { bytes, plural, score } from "../format.ts";
import styles from "./ExportStep.module.css";

export function Proof({ record }: { readonly record: ExportRecord }) {
  const { files, readBack, folded, notes, contains } = record;
  return (
    <div className={styles.proof}>
      <p className={styles.badge}>
        <BadgeCheck size={16} aria-hidden="true" />
        Read back: weights and logits bit-identical
      </p>
      <p className="quiet">
        {plural(readBack.images, "image")} on {readBack.backend}.
        {contains.length > 0 && ` So were the ${contains.length} networks inside.`}
        {folded !== null && ` ${distance(folded)}`}
        {contains.map((inner) =>
          inner.folded === null ? "" : ` ONNX is folded. ${distance(inner.folded)}`,
        )}
      </p>
      {[...notes, ...contains.flatMap((inner) => inner.notes)].map((note) => (
        <p key={note} className="quiet">
          {note[0]?.toUpperCase()}
          {note.slice(1)}.
        </p>
      ))}
      {files.map((file) => (
        <dl key={file.name} className={styles.file}>
          <dt>{file.name}</dt>
          <dd className="quiet">{bytes(file.bytes)}</dd>
          <dd className={styles.hash}>
            <span className="quiet">SHA-256</span> <code>{file.sha256}</code>
          </dd>
        </dl>
      ))}
    </div>
  );
}

function distance({ largestDifference }: NonNullable<ExportRecord["folded"]>): string {
  return largestDifference === 0
    ? "Its logits are those of the network."
    : `Its logits differ from the network's by at most ${score(largestDifference)}.`;
}
