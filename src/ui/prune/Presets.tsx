/**
 * @file The ratios that tell something, under the slider in every mode: each with the accuracy that it would have,
 * as far as that is known, or with why it cannot be had. A press goes there by ratio.
 */
import { useMemo } from "react";
import {
  isGuessing,
  tellingRatios,
  useCommands,
  useMeasured,
  useMethod,
  usePage,
  useWorkbench,
  type Pruning,
  type Session,
} from "../../state/index.ts";
import styles from "./Presets.module.css";
import { groundWords, lackWords, outcomeWords, PRESET_WORDS } from "./preset-words.ts";

export function Presets() {
  const pruning = useMethod((state) => state.pruning);
  const session = usePage((state) => state.session);
  if (pruning === null || session === null) return null;
  return <Chips pruning={pruning} session={session} />;
}

interface ChipsProps {
  readonly pruning: Pruning;
  readonly session: Session;
}

function Chips({ pruning, session: { key, classes } }: ChipsProps) {
  const method = useMethod((state) => state.method);
  const evaluations = useMeasured((state) => state.evaluations);
  const { measured } = useWorkbench();
  const { goToGap, goToSafe, goToHalfMacs, goToMost } = useCommands();
  const told = useMemo(
    () =>
      tellingRatios({ pruning, method, key, measured: { ...measured.getState(), evaluations } }),
    [pruning, method, key, measured, evaluations],
  );
  const base = evaluations.get(`${key}|0`)?.at(-1)?.accuracy ?? null;
  const go = { free: goToGap, safe: goToSafe, half: goToHalfMacs, most: goToMost };
  return (
    <div className={styles.presets} role="group" aria-label="Telling ratios">
      <h2 className="visually-hidden">Telling ratios</h2>
      {PRESET_WORDS.map(({ name, label, means }) => {
        const { ratio, lack, said } = told[name];
        const words = lack === null ? outcomeWords({ ratio, said }) : lackWords(lack).short;
        const isRuin =
          said !== null && base !== null && isGuessing({ accuracy: said.placed, base, classes });
        return (
          <button
            key={name}
            type="button"
            disabled={ratio === null}
            title={
              lack === null
                ? means(ratio ?? 0, base) + groundWords({ said })
                : lackWords(lack).sentence
            }
            data-ruin={isRuin}
            onClick={go[name]}
          >
            {label}
            {/* In the middle of its button: what is said anew is another text, not one that moves. */}
            <small key={words}>{words}</small>
          </button>
        );
      })}
    </div>
  );
}
