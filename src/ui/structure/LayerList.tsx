/**
 * @file The layers as a list in which parameters and MACs can be seen: where a network is heavy is
 * where pruning pays.
 */
import { useMemo } from "react";
import type { Session, StructureRow } from "../../state/index.ts";
import { count } from "../format.ts";
import { Amount } from "./Amount.tsx";
import { OP_WORDS } from "./block-words.ts";
import { LayerHead } from "./LayerHead.tsx";
import styles from "./LayerList.module.css";

export function LayerList({ session }: { readonly session: Session }) {
  const most = useMemo(
    () => ({
      parameters: Math.max(1, ...session.structure.map((row) => row.parameters)),
      macs: Math.max(1, ...session.structure.map((row) => row.macs)),
    }),
    [session],
  );
  return (
    <div className={styles.scroll}>
      <table className={styles.structure} aria-label="Structure">
        <LayerHead />
        <tbody>
          {session.structure.map((row) => (
            <tr key={row.name} data-passes={row.parameters === 0}>
              <th scope="row">
                {row.name} <span className="quiet">{describe(row)}</span>
              </th>
              <td>{row.shape.join(" × ")}</td>
              <Amount
                value={row.parameters}
                most={most.parameters}
                total={session.cost.parameters}
              />
              <Amount value={row.macs} most={most.macs} total={session.cost.macs} />
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">All layers</th>
            <td>{count(session.classes)} classes</td>
            <td>{count(session.cost.parameters)}</td>
            <td>{count(session.cost.macs)}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function describe({ op, window }: StructureRow): string {
  return window === "" ? OP_WORDS[op] : `${OP_WORDS[op]} ${window}`;
}
