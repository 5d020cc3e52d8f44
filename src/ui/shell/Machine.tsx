/**
 * @file What computes, at the right of the status line: a quiet chip whose words tell what holds it back, what that
 * costs and what can be done. And that nothing leaves the machine.
 */
import {
  largestOf,
  useMeasured,
  usePage,
  wholeName,
  type BackendReport,
} from "../../state/index.ts";
import { Worded } from "../parts/Explained.tsx";
import { limitWords, machineLabel, speedWords } from "./machine-words.ts";
import styles from "./StatusLine.module.css";

export function Machine() {
  const backend = usePage((state) => state.backend);
  return (
    <span className={styles.machine}>
      {backend !== null && (
        <span className={styles.chip}>
          <Worded position="top" width={backend.limits.length > 0 ? 360 : 288} words={<Words />}>
            <Label backend={backend} />
          </Worded>
        </span>
      )}
      <span className={styles.promise}>Nothing leaves this machine.</span>
    </span>
  );
}

/** What runs, and what holds it back. */
function Label({ backend }: { readonly backend: BackendReport }) {
  const { name, limit } = machineLabel(backend);
  return (
    <>
      <span className={styles.what}>
        {name}
        {limit !== null && " · "}
      </span>
      {limit !== null && <span>{limit}</span>}
    </>
  );
}

/** Asked for when it is looked at, so that the figures are those of now. */
function Words() {
  const backend = usePage((state) => state.backend);
  const session = usePage((state) => state.session);
  const key = session?.key ?? "";
  const ms = useMeasured((state) => state.latencies.get(wholeName(key)));
  const evaluation = useMeasured((state) => largestOf(state, wholeName(key)));
  if (backend === null) return null;
  const speed = speedWords(ms ?? perImage(evaluation));
  return (
    <>
      <p>Runs on {backend.description}.</p>
      {backend.limits.map((limit) => (
        <LimitWords key={limit} words={limitWords(limit, backend)} />
      ))}
      {speed !== null && <p>{speed}</p>}
    </>
  );
}

function LimitWords({ words }: { readonly words: ReturnType<typeof limitWords> }) {
  const { what, why, costs, next } = words;
  return (
    <div className={styles.limit}>
      <b>{what}</b> {why} {costs} <span className="quiet">{next}</span>
    </div>
  );
}

function perImage(
  evaluation: { readonly milliseconds: number; readonly count: number } | undefined,
): number | undefined {
  // By a coarse clock a small network may have taken no time at all, which says nothing.
  if (evaluation === undefined || evaluation.milliseconds === 0) return undefined;
  return evaluation.milliseconds / evaluation.count;
}
