/** @file The groups that take no part, in one quiet line; which they are, and why, on demand. */
import { usePage, type Pruning } from "../../state/index.ts";
import { sparedKinds, type SparedKind } from "./method-words.ts";
import { Together } from "./Together.tsx";
import styles from "./SparedLine.module.css";

export function SparedLine({ pruning }: { readonly pruning: Pruning }) {
  const kinds = sparedKinds(pruning);
  const groups = kinds.reduce((sum, { groups: { length } }) => sum + length, 0);
  if (groups === 0) return null;
  const titles = kinds.map(({ title }) => title);
  const last = titles.pop() ?? "";
  return (
    <details className={styles.spared}>
      <summary>
        Kept whole: {titles.length === 0 ? last : `${titles.join(", ")} and ${last}`}
      </summary>
      <ul>
        {kinds.map((kind) => (
          <Kind key={kind.title} kind={kind} />
        ))}
      </ul>
    </details>
  );
}

function Kind({ kind: { title, why, groups } }: { readonly kind: SparedKind }) {
  const nodes = usePage((state) => state.session?.network.nodes);
  return (
    <li>
      <h3>{title}</h3>
      <p>{why}</p>
      {groups.map((group) => (
        <div key={group.name} className={styles.group}>
          <h4>{group.name}</h4>
          <Together isWhole group={group} nodes={nodes ?? []} />
        </div>
      ))}
    </li>
  );
}
