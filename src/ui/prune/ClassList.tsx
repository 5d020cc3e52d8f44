/** @file Many classes: those that lost most and the confusions that grew most; all of them stand in the table. */
import { changedPairs, classFigures, type Confusions } from "../../state/index.ts";
import { count, percent, plural, points } from "../format.ts";
import { nameOfClass } from "./class-name.ts";
import styles from "./Confusion.module.css";

interface ClassListProps {
  readonly confusions: Confusions;
  readonly classes: readonly string[];
}

/** Rows of each list. */
const MOST = 12;

export function ClassList({ confusions, classes }: ClassListProps) {
  const figures = classFigures(confusions);
  const worst = figures.toSorted((a, b) => a.after - a.before - (b.after - b.before));
  const pairs = changedPairs(confusions).slice(0, MOST);
  const rest = figures.length - Math.min(MOST, figures.length);
  return (
    <div className={styles.lists}>
      <table className={styles.list} aria-label="Classes that lost most">
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col">before</th>
            <th scope="col">after</th>
            <th scope="col">change</th>
          </tr>
        </thead>
        <tbody>
          {worst.slice(0, MOST).map(({ label, before, after }) => (
            <tr key={label}>
              <th scope="row">{nameOfClass(classes, label)}</th>
              <td>{percent(before)}</td>
              <td>
                <b>{percent(after)}</b>
              </td>
              <td data-worse={after < before}>{points(after, before)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <table className={styles.list} aria-label="Confusions that grew most">
        <thead>
          <tr>
            <th scope="col">Taken for another</th>
            <th scope="col">before</th>
            <th scope="col">after</th>
          </tr>
        </thead>
        <tbody>
          {pairs.map(({ label, answer, before, after }) => (
            <tr key={`${label} ${answer}`}>
              <th scope="row">
                {nameOfClass(classes, label)} → {nameOfClass(classes, answer)}
              </th>
              <td>{count(before)}</td>
              <td data-worse="true">
                <b>{count(after)}</b>
              </td>
            </tr>
          ))}
          {pairs.length === 0 && (
            <tr>
              <td colSpan={3}>no wrong answer is given more often</td>
            </tr>
          )}
        </tbody>
      </table>
      {rest > 0 && <p className="quiet">{plural(rest, "more class", "more classes")} as table.</p>}
    </div>
  );
}
