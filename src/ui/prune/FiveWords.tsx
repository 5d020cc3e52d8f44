/**
 * @file The method in the five words that every method is made of, a row each: the word, explained, and what it
 * stands at. Criterion, allocation and schedule are set here; what is set in the steps before and after says so, with the way
 * there. A paper's preset fills all in.
 */
import type { ReactNode } from "react";
import { useCommands, useTraining, type Step } from "../../state/index.ts";
import { Term } from "../parts/Explained.tsx";
import type { TermName } from "../parts/terms.ts";
import { STEP_TITLES } from "../step-titles.ts";
import { pushWords, repairWords } from "./training-words.ts";
import styles from "./FiveWords.module.css";

interface FiveWordsProps {
  /** The controls of the words that are set here. */
  readonly criterion: ReactNode;
  readonly allocation: ReactNode;
  readonly schedule: ReactNode;
}

export function FiveWords({ criterion, allocation, schedule }: FiveWordsProps) {
  return (
    <dl className={styles.words} aria-label="The method in five words">
      <Word of="regularizer">
        <SetUnder step="sparse">
          <Push />
        </SetUnder>
      </Word>
      <Word of="criterion">{criterion}</Word>
      <Word of="allocation">{allocation}</Word>
      <Word of="repair">
        <SetUnder step="finetune">
          <Repair />
        </SetUnder>
      </Word>
      <Word of="schedule">{schedule}</Word>
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
        <Term of={of} position="top-start">
          {of}
        </Term>
      </dt>
      <dd>{children}</dd>
    </div>
  );
}

/** How strongly the sparse training pushes the BN scales towards zero. */
function Push() {
  return useTraining(({ forms }) => pushWords(forms.sparse.strength));
}

/** For how long the cut network is trained on. */
function Repair() {
  return useTraining(({ forms }) => repairWords(forms.finetune));
}

interface SetUnderProps {
  readonly step: Step;
  /** What it is set to. */
  readonly children: ReactNode;
}

/** What is set in another step, and the way there. */
function SetUnder({ step, children }: SetUnderProps) {
  const { goTo } = useCommands();
  const title = STEP_TITLES[step];
  return (
    <p className={styles.value}>
      <span>{children}</span>
      <button type="button" aria-label={`Set under ${title}`} onClick={() => goTo(step)}>
        {title}
      </button>
    </p>
  );
}
