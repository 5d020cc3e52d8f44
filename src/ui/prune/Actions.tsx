/** @file What a person does with the ratio: apply it, download what it makes. */
import { Button } from "@mantine/core";
import { useCommands, useMethod, usePassing } from "../../state/index.ts";
import { useIsWide } from "../parts/use-media.ts";
import { DownloadMenu } from "./DownloadMenu.tsx";
import { PASS } from "./method-words.ts";
import { HoldUncut } from "./HoldUncut.tsx";
import styles from "./PruneStep.module.css";

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
