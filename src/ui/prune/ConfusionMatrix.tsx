/**
 * @file A few classes as one table: how often each is seen right before and after, and in the same row what its
 * images are taken for.
 */
import { classFigures, type Confusions, type ImageView } from "../../state/index.ts";
import { count, percent, points } from "../format.ts";
import { nameOfClass } from "./class-name.ts";
import { matrixCell, SHADE } from "./confusion-table.ts";
import styles from "./Confusion.module.css";

interface ConfusionMatrixProps {
  readonly confusions: Confusions;
  readonly view: ImageView;
  readonly classes: readonly string[];
}

export function ConfusionMatrix({ confusions, view, classes }: ConfusionMatrixProps) {
  const figures = classFigures(confusions);
  const answers = Array.from({ length: confusions.after.classes }, (_, answer) => answer);
  return (
    <>
      <Key view={view} />
      {/* Wider than a phone: scrolled by keyboard too. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={styles.scroll} role="region" aria-label="Confusion, by class" tabIndex={0}>
        <table className={styles.matrix} aria-label="Confusion by class">
          <thead>
            <tr>
              <th scope="col" rowSpan={2} className={styles.corner}>
                Class
              </th>
              <th scope="colgroup" colSpan={3} className={styles.over}>
                seen right
              </th>
              <th scope="colgroup" colSpan={answers.length} className={styles.over}>
                taken for
              </th>
            </tr>
            <tr>
              <th scope="col">before</th>
              <th scope="col">after</th>
              <th scope="col">change</th>
              {answers.map((answer) => (
                <th
                  key={answer}
                  scope="col"
                  className={styles.answer}
                  title={`taken for ${nameOfClass(classes, answer)}`}
                >
                  <span>{nameOfClass(classes, answer)}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {figures.map(({ label, count: images, before, after }) => (
              <tr key={label}>
                <th scope="row" title={`${count(images)} images`}>
                  {nameOfClass(classes, label)}
                </th>
                <td>{percent(before)}</td>
                <td>
                  <b>{percent(after)}</b>
                </td>
                <td data-worse={after < before}>{points(after, before)}</td>
                {answers.map((answer) => {
                  const at = [label, answer] as const;
                  const cell = matrixCell(confusions, view, at, { classes, images });
                  return (
                    <td
                      key={answer}
                      className={styles.cell}
                      data-right={label === answer}
                      data-worse={cell.isWorse}
                      style={{ "--shade": `${Math.round(100 * SHADE * cell.shade)}%` } as object}
                      title={cell.says}
                    >
                      {cell.text === "" ? <span aria-hidden="true">·</span> : cell.text}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** What a colour of the matrix means: one thing each. */
function Key({ view }: { readonly view: ImageView }) {
  const isChange = view === "both";
  return (
    <ul className={styles.key} aria-label="What the colours mean">
      {isChange && (
        <li>
          <i data-worse="true" aria-hidden="true" /> worse: less often right, or more often mistaken
        </li>
      )}
      <li>
        <i aria-hidden="true" />{" "}
        {isChange ? "better: more often right, or less often mistaken" : "images of the class"}
      </li>
      <li>
        <i data-right="true" aria-hidden="true" /> seen right
      </li>
    </ul>
  );
}
