/** @file What a person does with the ratio: jump to a telling one, apply it, download it. */
import { Button } from "@mantine/core";
import { safeMarks, useCommands, useMeasured, useMethod, usePassing } from "../../state/index.ts";
import { useIsWide } from "../parts/use-media.ts";
import { DownloadMenu } from "./DownloadMenu.tsx";
import { PASS } from "./method-words.ts";
import { HoldUncut } from "./HoldUncut.tsx";
import styles from "./PruneStep.module.css";

/** Ratios that tell something. */
export function Presets() {
  const hasGap = useMethod((state) => (safeMarks(state)?.gap ?? null) !== null);
  const { goToGap, goToHalfMacs } = useCommands();
  return (
    <div className={styles.presets}>
      <Button disabled={!hasGap} onClick={goToGap}>
        At the gap
      </Button>
      <Button onClick={goToHalfMacs}>Half MACs</Button>
      <WithinHalfPoint />
    </div>
  );
}

function WithinHalfPoint() {
  const { goToWithin } = useCommands();
  const isKnown = useMeasured((state) => state.evaluations.size > 1);
  return (
    <Button
      disabled={!isKnown}
      title="The largest measured ratio that costs at most half a point"
      onClick={() => goToWithin(0.005)}
    >
      Within 0.5 pt
    </Button>
  );
}

export function Actions() {
  const { apply, runPasses } = useCommands();
  const passes = usePassing((state) => state.passes);
  const isMask = useMethod((state) => state.method.manner.kind === "mask");
  // Where there is room, it stands over the sheet.
  const isWide = useIsWide();
  return (
    <div className={styles.actions}>
      {passes === 1 ? (
        <Button variant="filled" className={styles.apply ?? ""} onClick={() => void apply()}>
          {isMask ? "Mask" : "Apply"} and fine-tune
        </Button>
      ) : (
        <Button
          variant="filled"
          className={styles.apply ?? ""}
          title={PASS}
          onClick={() => void runPasses()}
        >
          Run {passes} passes
        </Button>
      )}
      {!isWide && <HoldUncut />}
      <DownloadMenu />
    </div>
  );
}
