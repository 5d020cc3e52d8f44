/**
 * @file A cell with an amount: a bar beside the largest of its column, what a cut has taken of it hatched, and the
 * number.
 */
import { count, largeText, percent } from "../format.ts";
import styles from "./LayerList.module.css";

interface AmountProps {
  /** Null where it could not be counted. */
  readonly value: number | null;
  readonly most: number;
  readonly total: number;
  /** Before a cut. */
  readonly former?: number;
}

export function Amount({ value, most, total, former = 0 }: AmountProps) {
  if (value === null) return <td className="quiet">not counted</td>;
  if (value === 0) return <td>{""}</td>;
  return (
    <td title={`${count(value)}, ${percent(value / total)} of all`}>
      <span className={styles.amount}>
        <i style={{ width: `${(100 * value) / most}%` }} />
        {former > value && <s style={{ width: `${(100 * (former - value)) / most}%` }} />}
      </span>
      <span className={styles.number}>{largeText(value)}</span>
    </td>
  );
}
