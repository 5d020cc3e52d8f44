/**
 * @file The Prune step below 1100 px: one view at a time in tabs, and below it, always in reach, the
 * truths, the ratio and the actions.
 */
import { useRef, useState, type KeyboardEvent } from "react";
import { useComparing, type Pruning, type Session } from "../../state/index.ts";
import { Problem } from "../parts/Problem.tsx";
import { Truths } from "../parts/Truths.tsx";
import { useDock } from "../parts/use-dock.ts";
import { RunsSection } from "../runs/RunsSection.tsx";
import { Actions } from "./Actions.tsx";
import { AbsorbedNote } from "./AbsorbedNote.tsx";
import { Confusion } from "./Confusion.tsx";
import { CutVerdict } from "./CutNotes.tsx";
import { GuardNotes } from "./GuardNotes.tsx";
import { Histogram } from "./Histogram.tsx";
import { ImageStrip } from "./ImageStrip.tsx";
import { Instrument } from "./Instrument.tsx";
import { Methods } from "./Methods.tsx";
import { Presets } from "./Presets.tsx";
import { RatioControl } from "./RatioControl.tsx";
import { SensitivityAction } from "./SensitivityAction.tsx";
import { SparedLine } from "./SparedLine.tsx";
import { SensitivityPanel } from "./SensitivityPanel.tsx";
import styles from "./PruneNarrow.module.css";

const VIEWS = ["Trellis", "Method", "Sensitivity", "Images", "Runs"] as const;
type View = (typeof VIEWS)[number];

interface PruneNarrowProps {
  readonly session: Session;
  readonly pruning: Pruning;
}

export function PruneNarrow({ session, pruning }: PruneNarrowProps) {
  const [view, setView] = useState<View>("Trellis");
  const dock = useRef<HTMLDivElement>(null);
  useDock(dock);
  const isSought = useComparing((state) => state.isSought);
  // Before it is drawn: the runs take the focus when they are there.
  if (isSought && view !== "Runs") setView("Runs");
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = VIEWS[(VIEWS.indexOf(view) + step + VIEWS.length) % VIEWS.length] ?? view;
    setView(next);
    document.getElementById(`view-${next}`)?.focus();
  };
  return (
    <div className={styles.prune}>
      <div className={styles.tabs} role="tablist" aria-label="Views">
        {VIEWS.map((one) => (
          <button
            key={one}
            id={`view-${one}`}
            type="button"
            role="tab"
            data-title={one}
            aria-selected={one === view}
            tabIndex={one === view ? 0 : -1}
            onClick={() => setView(one)}
            onKeyDown={onKeyDown}
          >
            {one}
          </button>
        ))}
      </div>
      <div className={styles.view} role="tabpanel" aria-label={view}>
        <Problem step="prune" />
        {view === "Trellis" && (
          <>
            <Instrument session={session} pruning={pruning} />
            <GuardNotes />
            <AbsorbedNote />
            <SparedLine pruning={pruning} />
          </>
        )}
        {view === "Method" && (
          <div className={styles.stack}>
            <Presets />
            <Histogram />
            <Methods />
          </div>
        )}
        {view === "Sensitivity" && (
          <div className={styles.stack}>
            <SensitivityAction />
            <SensitivityPanel isAlwaysOpen />
          </div>
        )}
        {view === "Images" && (
          <>
            <ImageStrip />
            <Confusion isAlwaysOpen />
          </>
        )}
        {view === "Runs" && <RunsSection />}
      </div>
      <div ref={dock} className={styles.dock}>
        <CutVerdict />
        <Truths isCompact isPreview />
        <RatioControl isPinned />
        <Actions />
      </div>
    </div>
  );
}
