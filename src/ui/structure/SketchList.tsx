/** @file The layers of a network that can only be looked at; what is not understood says why, where it stands. */
import { useMemo } from "react";
import { sumOf, type Sketch, type SketchLayer } from "../../state/index.ts";
import { count } from "../format.ts";
import { Amount } from "./Amount.tsx";
import { LayerHead } from "./LayerHead.tsx";
import styles from "./LayerList.module.css";

export function SketchList({ sketch }: { readonly sketch: Sketch }) {
  const sum = useMemo(() => sumOf(sketch), [sketch]);
  const most = useMemo(
    () => ({
      parameters: Math.max(1, ...sketch.layers.map(({ parameters }) => parameters ?? 0)),
      macs: Math.max(1, ...sketch.layers.map(({ macs }) => macs ?? 0)),
    }),
    [sketch],
  );
  return (
    <div className={styles.scroll}>
      <table className={styles.structure} aria-label="What could be read">
        <LayerHead />
        <tbody>
          {sketch.layers.map((layer, i) => (
            // Names may stand twice in a file that is not ours.
            // oxlint-disable-next-line react/no-array-index-key -- the list never changes
            <Row key={i} layer={layer} most={most} sum={sum} />
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">What was counted</th>
            <td>{""}</td>
            <td>{count(sum.parameters)}</td>
            <td>{count(sum.macs)}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

interface RowProps {
  readonly layer: SketchLayer;
  readonly most: { readonly parameters: number; readonly macs: number };
  readonly sum: { readonly parameters: number; readonly macs: number };
}

function Row({ layer, most, sum }: RowProps) {
  const { name, op, shape, parameters, macs, problem } = layer;
  return (
    <tr data-passes={parameters === 0 && problem === null} data-problem={problem !== null}>
      <th scope="row">
        {name} <span className="quiet">{op}</span>
        {problem !== null && <small className={styles.why}>{problem}</small>}
      </th>
      <td>{shape === null ? <span className="quiet">not known</span> : shape.join(" × ")}</td>
      <Amount value={parameters} most={most.parameters} total={sum.parameters} />
      <Amount value={macs} most={most.macs} total={sum.macs} />
    </tr>
  );
}
