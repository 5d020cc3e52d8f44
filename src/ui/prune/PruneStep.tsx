/**
 * @file The Prune step: on the left the ratio, always in sight, with the histogram and the method below it;
 * everything that they change on the right.
 */
import { useState } from "react";
import { Button } from "@mantine/core";
import { useCommands, useMethod, usePage, type Pruning, type Session } from "../../state/index.ts";
import { Later } from "../parts/Later.tsx";
import { pickFiles } from "../parts/pick-files.ts";
import { Problem } from "../parts/Problem.tsx";
import { StepLayout } from "../parts/StepLayout.tsx";
import { Truths } from "../parts/Truths.tsx";
import { useIsWide } from "../parts/use-media.ts";
import { Logo } from "../shell/Logo.tsx";
import { RunsSection } from "../runs/RunsSection.tsx";
import { Actions } from "./Actions.tsx";
import { AbsorbedNote } from "./AbsorbedNote.tsx";
import { Confusion } from "./Confusion.tsx";
import { CutNotes } from "./CutNotes.tsx";
import { Histogram } from "./Histogram.tsx";
import { ImageStrip } from "./ImageStrip.tsx";
import { Instrument } from "./Instrument.tsx";
import { Methods } from "./Methods.tsx";
import { Presets } from "./Presets.tsx";
import { PruneNarrow } from "./PruneNarrow.tsx";
import { RatioControl } from "./RatioControl.tsx";
import { RunsTable } from "./RunsTable.tsx";
import { SparedLine } from "./SparedLine.tsx";
import { SensitivityPanel } from "./SensitivityPanel.tsx";
import styles from "./PruneStep.module.css";

export function PruneStep() {
  const session = usePage((state) => state.session);
  const pruning = useMethod((state) => state.pruning);
  const problem = useMethod((state) => state.problem);
  const isWide = useIsWide();
  const isStarting = usePage((state) => state.starting);
  const [beganEmpty] = useState(session === null);
  if (session === null) return isStarting ? <OnItsWay isWide={isWide} /> : <Empty />;
  if (pruning === null) return <Unready text={problem ?? ""} />;
  const Layout = isWide ? Wide : PruneNarrow;
  const layout = <Layout session={session} pruning={pruning} />;
  // A network that arrives takes the frame's place in slices; a step that is gone to is rendered in slices as it is.
  return beganEmpty ? <Later before={<OnItsWay isWide={isWide} />}>{layout}</Later> : layout;
}

/** What is there at once: the frame, in which the first network takes its place. */
function OnItsWay({ isWide }: { readonly isWide: boolean }) {
  const mark = (
    <div className={styles.coming} aria-busy="true">
      <Logo size={96} />
    </div>
  );
  if (!isWide) return mark;
  return (
    <StepLayout controls={<p className="quiet">The network is on its way.</p>}>
      <Truths isPreview />
      {mark}
    </StepLayout>
  );
}

function Empty() {
  const { goTo, openFiles } = useCommands();
  return (
    <div className={styles.unready}>
      <p>There is no network yet.</p>
      <div className={styles.actions}>
        <Button onClick={() => pickFiles((files) => void openFiles(files))}>Choose files…</Button>
        <Button onClick={() => goTo("load")}>Shipped and new ones</Button>
      </div>
    </div>
  );
}

/** Another criterion may have an opinion where this one has none. */
function Unready({ text }: { readonly text: string }) {
  return (
    <div className={styles.unready}>
      <p role="alert">{text}</p>
      <Methods />
    </div>
  );
}

interface PruneLayoutProps {
  readonly session: Session;
  readonly pruning: Pruning;
}

function Wide({ session, pruning }: PruneLayoutProps) {
  return (
    <StepLayout
      controls={
        <>
          <div className={styles.ratio}>
            <Problem step="prune" />
            <RatioControl />
            <Presets />
            <CutNotes />
          </div>
          <Later>
            <AbsorbedNote />
            <Histogram />
            <Methods />
            <div className={styles.reach}>
              <Actions />
            </div>
            <Later>
              <RunsTable />
            </Later>
          </Later>
        </>
      }
    >
      <Truths isPreview />
      <Later>
        <Instrument session={session} pruning={pruning}>
          <Later>
            <SparedLine pruning={pruning} />
            <ImageStrip />
          </Later>
        </Instrument>
        <Later>
          <SensitivityPanel />
          <Confusion />
          <Later>
            <RunsSection />
          </Later>
        </Later>
      </Later>
    </StepLayout>
  );
}
