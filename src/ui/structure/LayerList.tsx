/**
 * @file The layers as a list in which parameters and MACs can be seen: where a network is heavy is
 * where pruning pays.
 */
import { useMemo } from "react";
import type { Session, StructureRow } from "../../state/index.ts";
import { count, largeText } from "../format.ts";
import { Amount } from "./Amount.tsx";
import { OP_WORDS } from "./block-words.ts";
import { LayerHead } from "./LayerHead.tsx";
import { useSoughtStructure } from "./structure-view.ts";
import styles from "./LayerList.module.css";

interface LayerListProps {
  readonly session: Session;
  /** What it was cut from; null when there is nothing to compare. */
  readonly former: Session | null;
}

export function LayerList({ session, former }: LayerListProps) {
  const was = useMemo(
    () => new Map(former?.structure.map((row) => [row.name, row] as const)),
    [former],
  );
  const { structure } = former ?? session;
  const most = useMemo(
    () => ({
      parameters: Math.max(1, ...structure.map((row) => row.parameters)),
      macs: Math.max(1, ...structure.map((row) => row.macs)),
    }),
    [structure],
  );
  const sums = { session, former };
  const list = useSoughtStructure();
  return (
    <div ref={list} className={styles.scroll}>
      <table className={styles.structure} aria-label="Structure">
        <LayerHead isCompared={former !== null} />
        <tbody>
          {session.structure.map((row) => (
            <Row key={row.name} row={row} was={was.get(row.name)} most={most} {...sums} />
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">All layers</th>
            <td>{count(session.classes)} classes</td>
            {former !== null && <td>{""}</td>}
            <td>{count(session.cost.parameters)}</td>
            {former !== null && <td>{count(former.cost.parameters)}</td>}
            <td>{count(session.cost.macs)}</td>
            {former !== null && <td>{count(former.cost.macs)}</td>}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

interface RowProps extends LayerListProps {
  readonly row: StructureRow;
  readonly was: StructureRow | undefined;
  readonly most: { readonly parameters: number; readonly macs: number };
}

function Row({ row, was, most, session, former }: RowProps) {
  const amount = (which: "parameters" | "macs") => (
    <>
      <Amount
        value={row[which]}
        most={most[which]}
        total={session.cost[which]}
        former={was?.[which] ?? 0}
      />
      {former !== null && (
        <td className="quiet">{was && was[which] > 0 && largeText(was[which])}</td>
      )}
    </>
  );
  return (
    <tr data-passes={row.parameters === 0}>
      <th scope="row">
        {row.name} <span className="quiet">{describe(row)}</span>
      </th>
      <td>{row.shape.join(" × ")}</td>
      {former !== null && <td className="quiet">{was === undefined ? "new" : was.shape.at(-1)}</td>}
      {amount("parameters")}
      {amount("macs")}
    </tr>
  );
}

function describe({ op, window }: StructureRow): string {
  return window === "" ? OP_WORDS[op] : `${OP_WORDS[op]} ${window}`;
}
