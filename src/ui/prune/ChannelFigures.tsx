/** @file A channel's figures: score, norm, batch norm, and the filter that is most like its own. */
import type { ReactNode } from "react";
import {
  useCommands,
  useInspecting,
  useMethod,
  type ChannelFacts,
  type Pruning,
} from "../../state/index.ts";
import { score } from "../format.ts";
import { Explained, Term } from "../parts/Explained.tsx";
import { criterionMeaning, criterionTitle } from "./method-words.ts";
import styles from "./ChannelPanel.module.css";

interface ChannelFiguresProps {
  readonly pruning: Pruning;
  readonly facts: ChannelFacts;
  readonly anatomy: ReturnType<Pruning["anatomyOf"]>;
}

const NOTHING = "\u2013";

/** Two figures of a batch norm, where the channel has one. */
const pair = (first: number | undefined, second: number | undefined): string =>
  first === undefined || second === undefined ? NOTHING : `${score(first)}, ${score(second)}`;

export function ChannelFigures({ pruning, facts, anatomy: { filter, norm } }: ChannelFiguresProps) {
  const criterion = useMethod((state) => state.method.criterion);
  return (
    <dl className={styles.figures}>
      <Figure
        term={
          <Explained meaning={criterionMeaning(criterion)} position="bottom-start">
            {criterionTitle(criterion)}
          </Explained>
        }
      >
        {score(facts.score)}
      </Figure>
      <Figure term={<Term of="norm">L1 norm</Term>}>
        {filter === null ? NOTHING : score(filter.l1)}
      </Figure>
      <Figure term={<Term of="scaleAndShift">Scale γ, shift β</Term>}>
        {pair(norm?.gamma, norm?.beta)}
      </Figure>
      <Figure term={<Term of="runningStatistics">Mean, variance</Term>}>
        {pair(norm?.mean, norm?.variance)}
      </Figure>
      <Figure term={<Term of="twin">Nearest twin</Term>}>
        <Twin pruning={pruning} facts={facts} />
      </Figure>
    </dl>
  );
}

function Figure({ term, children }: { readonly term: ReactNode; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A press goes there, where the layer stands for itself. */
function Twin({ pruning, facts }: Omit<ChannelFiguresProps, "anatomy">) {
  const twin = useInspecting((state) => state.twin);
  const { inspect } = useCommands();
  if (twin === null) return NOTHING;
  const { layer, index, places } = facts;
  const away = <span className={styles.change}>{score(twin.distance)} away</span>;
  const rank = pruning.layers[index]?.order.indexOf(twin.channel) ?? -1;
  const isAlone = places.length === 1 && places[0]?.channels.length === 1;
  if (!isAlone || rank < 0) {
    return (
      <>
        channel {twin.channel}
        {away}
      </>
    );
  }
  return (
    <>
      <button
        type="button"
        className={styles.link}
        title={`Look into channel ${twin.channel} of ${layer.name}`}
        onClick={() => inspect(index, rank)}
      >
        channel {twin.channel}
      </button>
      {away}
    </>
  );
}
