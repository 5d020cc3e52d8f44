/** @file All that is known of one block: each node with its attributes, its output and its weights. */
import type { Block, BlockPair, BlockPart } from "../../state/index.ts";
import { count } from "../format.ts";
import { partTitle } from "./block-words.ts";
import styles from "./GraphView.module.css";

export function BlockDetails({ pair }: { readonly pair: BlockPair }) {
  const block = pair.now ?? pair.was;
  if (block === null) return null;
  return (
    <section
      className={styles.details}
      aria-label={`Layer ${pair.id}`}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- else its lower part is out of the keyboard's reach
      tabIndex={0}
    >
      <h3>{pair.id}</h3>
      <dl>
        <dt>Parameters</dt>
        <dd>{amount(pair, "parameters")}</dd>
        <dt>MACs per image</dt>
        <dd>{amount(pair, "macs")}</dd>
        <dt>Reads</dt>
        <dd>{block.sources.length === 0 ? "the image" : block.sources.join(", ")}</dd>
      </dl>
      {block.parts.map((part) => (
        <Part key={part.name} part={part} />
      ))}
    </section>
  );
}

function amount({ now, was }: BlockPair, which: "parameters" | "macs"): string {
  if (now === null) return `removed, ${count(was?.[which] ?? 0)} before`;
  const former: Block | null = was;
  return former === null || former[which] === now[which]
    ? count(now[which])
    : `${count(now[which])} of ${count(former[which])}`;
}

function Part({ part }: { readonly part: BlockPart }) {
  const { kind: _, ...attributes } = part.op;
  return (
    <div className={styles.part}>
      <h4>
        {part.name} <span className="quiet">{partTitle(part)}</span>
      </h4>
      <dl>
        {Object.entries(attributes).map(([name, value]) => (
          <Fact key={name} name={name} value={attributeText(value)} />
        ))}
        {part.weights.map(({ slot, shape }) => (
          <Fact key={slot} name={slot} value={shape.join(" × ")} />
        ))}
        <Fact name="output" value={part.shape.join(" × ")} />
      </dl>
    </div>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

/** Lists can be as long as a layer is wide. */
const MOST_SHOWN = 12;

function attributeText(value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (!Array.isArray(value)) return String(value);
  const shown = value.slice(0, MOST_SHOWN).join(", ");
  return value.length > MOST_SHOWN ? `${shown}, … (${count(value.length)})` : shown;
}
