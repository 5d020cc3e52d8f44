/** @file What the network loses, and saves, when this channel goes alone. */
import { useInspecting, usePage, type ChannelFacts, type RemovalCost } from "../../state/index.ts";
import { count, fixed, largeText, percent, signed } from "../format.ts";
import { Term } from "../parts/Explained.tsx";
import styles from "./ChannelPanel.module.css";

const NOTHING = "\u2013";

export function ChannelCost({ facts: { places } }: { readonly facts: ChannelFacts }) {
  const cost = useInspecting((state) => state.cost);
  const alone = useInspecting((state) => state.alone);
  const problem = useInspecting((state) => state.problem);
  const whole = usePage((state) => state.session?.cost);
  const saved = (part: "parameters" | "macs"): string =>
    alone === null || whole === undefined ? NOTHING : largeText(whole[part] - alone.cost[part]);
  return (
    <div>
      <h3>
        <Term of="ablation" position="top-start">
          Removing it alone
        </Term>
      </h3>
      <dl className={styles.figures} data-testid="channel-cost">
        <div>
          <dt>Accuracy</dt>
          <dd>{cost === null ? NOTHING : <Change {...cost} />}</dd>
        </div>
        <div>
          <dt>Loss</dt>
          <dd>
            {cost === null
              ? NOTHING
              : `${fixed(cost.whole.loss, 4)} \u2192 ${fixed(cost.without.loss, 4)}`}
          </dd>
        </div>
        <div>
          <dt>Saves</dt>
          <dd>
            <span className="nowrap">{saved("parameters")} parameters,</span>{" "}
            <span className="nowrap">{saved("macs")} MACs</span>
          </dd>
        </div>
      </dl>
      {cost !== null && (
        <p className={styles.note}>
          n = {count(cost.without.count)} {cost.set} images, the same for both
          {places.length > 1 ? `; cut from all ${count(places.length)} layers at once` : ""}
        </p>
      )}
      {problem !== null && (
        <p className={styles.note} role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

function Change({ whole, without }: RemovalCost) {
  const fewer = whole.correct - without.correct;
  const many = count(Math.abs(fewer));
  const images = fewer === 0 ? "as many" : `${many} ${fewer > 0 ? "fewer" : "more"}`;
  return (
    <>
      {percent(whole.accuracy, 2)} → {percent(without.accuracy, 2)}
      <span className={styles.change}>
        {signed((without.accuracy - whole.accuracy) * 100, 2)} pt, {images} right
      </span>
    </>
  );
}
