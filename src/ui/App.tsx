/** @file The page: top bar, one of five steps, status line. */
import { lazy, Suspense } from "react";
import { useCommands, usePage } from "../state/index.ts";
import styles from "./App.module.css";
import { ExportStep } from "./export/ExportStep.tsx";
import { LoadStep } from "./load/LoadStep.tsx";
import { Sentence } from "./parts/Problem.tsx";
import { PruneStep } from "./prune/PruneStep.tsx";
import { DropTarget } from "./shell/DropTarget.tsx";
import { LinkNotice } from "./shell/LinkNotice.tsx";
import { StatusLine } from "./shell/StatusLine.tsx";
import { TopBar } from "./shell/TopBar.tsx";
import { useKeys } from "./shell/use-keys.ts";
import { STEP_TITLES } from "./step-titles.ts";

const TrainStep = lazy(() => import("./train/TrainStep.tsx"));

export function App() {
  useKeys();
  const step = usePage((state) => state.step);
  return (
    <div className={styles.app}>
      <TopBar />
      <main className={styles.main}>
        <Restarted />
        <LinkNotice />
        <div
          className={styles.panel}
          id="step-panel"
          role="tabpanel"
          aria-label={STEP_TITLES[step]}
        >
          <StepContent />
        </div>
      </main>
      <StatusLine />
      <DropTarget />
    </div>
  );
}

function StepContent() {
  const step = usePage((state) => state.step);
  switch (step) {
    case "load":
      return <LoadStep />;
    case "sparse":
    case "finetune":
      return (
        <Suspense fallback={null}>
          <TrainStep key={step} purpose={step} />
        </Suspense>
      );
    case "prune":
      return <PruneStep />;
    case "export":
      return <ExportStep />;
    default:
      return null;
  }
}

function Restarted() {
  const text = usePage((state) => state.restarted);
  const { dismissRestart } = useCommands();
  if (text === null) return null;
  return (
    <div className={styles.restarted}>
      <Sentence text={text} onDismiss={dismissRestart} />
    </div>
  );
}
