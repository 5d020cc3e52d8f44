/** @file The page: top bar, one of five steps, status line. */
import { lazy, memo, Suspense, useDeferredValue, useEffect, useMemo, useState } from "react";
import { usePage, useWorkbench, whileOpen, WorkbenchContext, type Step } from "../state/index.ts";
import type { Overlay } from "./actions/action.ts";
import styles from "./App.module.css";
import { ExportStep } from "./export/ExportStep.tsx";
import { LoadStep } from "./load/LoadStep.tsx";
import { Boundary } from "./parts/Boundary.tsx";
import { Notices } from "./parts/Notice.tsx";
import { PruneStep } from "./prune/PruneStep.tsx";
import { DropTarget } from "./shell/DropTarget.tsx";
import { KeepingNotice } from "./shell/KeepingNotice.tsx";
import { KeyList } from "./shell/KeyList.tsx";
import { LinkNotice } from "./shell/LinkNotice.tsx";
import { MeasuringNotice } from "./shell/MeasuringNotice.tsx";
import { Palette } from "./shell/Palette.tsx";
import { ProblemNotice } from "./shell/ProblemNotice.tsx";
import { Restarted } from "./shell/Restarted.tsx";
import { StatusLine } from "./shell/StatusLine.tsx";
import { TopBar } from "./shell/TopBar.tsx";
import { useReach } from "./shell/use-reach.ts";
import { STEP_PANEL, useKeptFocus } from "./shell/use-kept-focus.ts";
import { useKeys } from "./shell/use-keys.ts";
import { useSteadyClicks } from "./shell/use-steady-clicks.ts";
import { STEP_TITLES } from "./step-titles.ts";

/** The steps whose code is there. */
const ready = new Set<Step>(["load", "prune", "export"]);

async function loadTrainStep() {
  const code = await import("./train/TrainStep.tsx");
  ready.add("sparse").add("finetune");
  return code;
}

const TrainStep = lazy(loadTrainStep);

export function App() {
  const [overlay, setOverlay] = useState<Overlay>(null);
  const reach = useReach(setOverlay);
  const close = (): void => setOverlay(null);
  useKeys(reach);
  useSteadyClicks();
  useKeptFocus();
  usePreloaded();
  // Rendered in slices: a whole step at once would hold up the page for longer than a person overlooks.
  const step = useDeferredValue(usePage((state) => state.step));
  return (
    <div className={styles.app}>
      <TopBar reach={reach} />
      <main className={styles.main}>
        <Notices>
          <ProblemNotice />
          <LinkNotice />
          <MeasuringNotice />
          <KeepingNotice />
          <Restarted />
        </Notices>
        <div
          className={styles.panel}
          id={STEP_PANEL}
          role="tabpanel"
          tabIndex={-1}
          aria-label={STEP_TITLES[step]}
        >
          {/* Around all steps: the one that was there stays until the code of the next has come. */}
          <Suspense fallback={null}>
            <StepContent step={step} />
          </Suspense>
        </div>
      </main>
      <StatusLine />
      <DropTarget />
      {overlay === "palette" && <Palette reach={reach} onClose={close} />}
      {overlay === "keys" && <KeyList reach={reach} onClose={close} />}
    </div>
  );
}

/** Whoever cuts goes on to training: its code is there by then. */
function usePreloaded(): void {
  useEffect(() => {
    const load = (): void => void loadTrainStep().catch(() => undefined);
    // Not every browser tells when it has nothing to do.
    if (!("requestIdleCallback" in window)) {
      const timer = setTimeout(load, 3_000);
      return () => clearTimeout(timer);
    }
    const idle = requestIdleCallback(load);
    return () => cancelIdleCallback(idle);
  }, []);
}

interface StepProps {
  readonly step: Step;
}

const StepContent = memo(function StepContent({ step }: StepProps) {
  const workbench = useWorkbench();
  const own = useMemo(() => {
    // Left for a step whose code is still to come, it stays in use for that long.
    const isOpen = (): boolean => {
      const now = workbench.page.getState().step;
      return now === step || !ready.has(now);
    };
    return whileOpen(workbench, isOpen);
  }, [workbench, step]);
  return (
    <WorkbenchContext value={own}>
      <StepOf step={step} />
    </WorkbenchContext>
  );
});

function StepOf({ step }: StepProps) {
  switch (step) {
    case "load":
      return <LoadStep />;
    case "sparse":
    case "finetune":
      return (
        <Boundary what="The training panel">
          <TrainStep key={step} purpose={step} />
        </Boundary>
      );
    case "prune":
      return <PruneStep />;
    case "export":
      return <ExportStep />;
    default:
      return null;
  }
}
