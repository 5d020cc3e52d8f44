/**
 * @file The method in the five words that every method is made of, each explained and with what it stands at: what
 * is set here, and what is set in the steps before and after, with the way there. A paper's preset fills all in.
 */
import type { ReactNode } from "react";
import { useCommands, useMethod, usePassing, useTraining, type Step } from "../../state/index.ts";
import { Term } from "../parts/Explained.tsx";
import type { TermName } from "../parts/terms.ts";
import styles from "./FiveWords.module.css";
import { criterionTitle, MODES } from "./method-words.ts";

export function FiveWords() {
  const { criterion, allocation } = useMethod((state) => state.asked);
  const passes = usePassing((state) => state.passes);
  const isPushed = useTraining(({ forms }) => Number(forms.sparse.strength) !== 0);
  return (
    <dl className={styles.words} aria-label="The method in five words">
      <Word of="regularizer">
        <SetUnder step="sparse">{isPushed ? "L1 on γ" : "none"}</SetUnder>
      </Word>
      <Word of="criterion">{criterionTitle(criterion)}</Word>
      <Word of="allocation">{MODES.find(({ value }) => value === allocation.kind)?.label}</Word>
      <Word of="repair">
        <SetUnder step="finetune">fine-tune</SetUnder>
      </Word>
      <Word of="schedule">{passes === 1 ? "one-shot" : `${passes} passes`}</Word>
    </dl>
  );
}

interface WordProps {
  /** The word itself, as it stands in the table of terms. */
  readonly of: TermName;
  readonly children: ReactNode;
}

function Word({ of, children }: WordProps) {
  return (
    <div>
      <dt>
        <Term of={of} position="bottom-start">
          {of}
        </Term>
      </dt>
      <dd>{children}</dd>
    </div>
  );
}

function SetUnder({ step, children }: { readonly step: Step; readonly children: ReactNode }) {
  const { goTo } = useCommands();
  return (
    <button
      type="button"
      title={step === "sparse" ? "Set under Sparse train" : "Set under Fine-tune"}
      onClick={() => goTo(step)}
    >
      {children}
    </button>
  );
}
