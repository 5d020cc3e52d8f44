/** @file Which layers go together, what binds them, and which layers' inputs shrink with them, in words. */
import type { Session, Together as Group } from "../../state/index.ts";
import { Term } from "../parts/Explained.tsx";
import type { TermName } from "../parts/terms.ts";
import styles from "./RowDetails.module.css";

const SELECT = "channelSelect";

interface TogetherProps {
  /** True where nothing of it goes. */
  readonly isWhole?: boolean;
  readonly group: Group;
  readonly nodes: Session["network"]["nodes"];
}

export function Together({ group, nodes, isWhole = false }: TogetherProps) {
  const { layers, readers, joints } = group;
  const kinds = new Map(nodes.map(({ name, op }) => [name, op.kind]));
  const sums = joints.filter((name) => kinds.get(name) === "add");
  const others = joints.filter((name) => kinds.get(name) !== "add");
  // One that is only put in by the cut is no node yet.
  const selections = layers.filter((name) => (kinds.get(name) ?? SELECT) === SELECT);
  return (
    <dl className={styles.together}>
      {selections.length > 0 && <Names term="Selection" of="selection" names={selections} />}
      {layers.length > 1 && <Names term="Together" of="group" names={layers} />}
      {sums.length > 0 && <Names term="Summed in" of="streams" names={sums} />}
      {others.length > 0 && <Names term="Tied by" names={others} />}
      {readers.length > 0 && (
        <Names
          term={isWhole ? "Read by" : "Also shrinks"}
          before={isWhole ? "" : "the inputs of "}
          names={readers}
        />
      )}
    </dl>
  );
}

/** More than this are a scroll and not a sentence. */
const MOST = 24;

interface NamesProps {
  readonly term: string;
  /** What explains it. */
  readonly of?: TermName;
  readonly names: readonly string[];
  /** Words before the names. */
  readonly before?: string;
}

function Names({ term, of, names, before = "" }: NamesProps) {
  const rest = names.length - MOST;
  return (
    <div>
      <dt>
        {of === undefined ? (
          term
        ) : (
          <Term of={of} position="top-start">
            {term}
          </Term>
        )}
      </dt>
      <dd>
        {before}
        {names.slice(0, MOST).join(", ")}
        {rest > 0 ? ` and ${rest} more` : ""}
      </dd>
    </div>
  );
}
