/**
 * @file The Prune step: on the left the ratio, always in sight, with the histogram and the method below it;
 * everything that they change on the right.
 */
import { useMethod, usePage, type Pruning, type Session } from "../../state/index.ts";
import { Problem } from "../parts/Problem.tsx";
import { StepLayout } from "../parts/StepLayout.tsx";
import { Truths } from "../parts/Truths.tsx";
import { useIsWide } from "../parts/use-media.ts";
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
  if (session === null) return <Empty text="There is no network yet; open one under Load." />;
  if (pruning === null) return <Unready text={problem ?? ""} />;
  const Layout = isWide ? Wide : PruneNarrow;
  return <Layout session={session} pruning={pruning} />;
}

function Empty({ text }: { readonly text: string }) {
  return <p className={styles.empty}>{text}</p>;
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
          <AbsorbedNote />
          <Histogram />
          <Methods />
          <div className={styles.reach}>
            <Actions />
          </div>
          <RunsTable />
        </>
      }
    >
      <Truths isPreview />
      <Instrument session={session} pruning={pruning}>
        <SparedLine pruning={pruning} />
        <ImageStrip />
      </Instrument>
      <SensitivityPanel />
      <Confusion />
      <RunsSection />
    </StepLayout>
  );
}
