/** @file One command per thing that a person does. What each does stands in `workbench.ts`, or in the file that its part comes from. */
import type { BackendKind, Delivered, ExportedFile, ExportFormat } from "./engine.ts";
import type { ExportOptions } from "./exporting.ts";
import type { ImageView } from "./gallery.ts";
import type { InspectingCommands } from "./inspecting.ts";
import type { KeepingCommands } from "./keeping.ts";
import type { MethodCommands } from "./method-commands.ts";
import type { NormalizingCommands } from "./normalizing.ts";
import type { OpeningCommands } from "./opening.ts";
import type { SharingCommands } from "./sharing.ts";
import type { Step } from "./page.ts";
import type { RunCommands } from "./run-commands.ts";
import type { Purpose, TrainingForm } from "./training-form.ts";

export interface Commands
  extends
    MethodCommands,
    NormalizingCommands,
    OpeningCommands,
    InspectingCommands,
    RunCommands,
    KeepingCommands,
    SharingCommands {
  /**
   * Opens the backend, the link's network, or what was kept, or else the shipped one, and the test images;
   * called once. A backend that was asked for and cannot be had is said, and the automatic choice runs instead.
   */
  start(backend?: BackendKind | "auto", link?: string): Promise<void>;
  goTo(step: Step): void;
  loadData(which: "test" | "training"): Promise<void>;
  setRatio(ratio: number): void;
  /** @returns the sentence for what is no ratio, or null when it was taken */
  typeRatio(text: string): string | null;
  setThreshold(value: number): void;
  /** Goes to a preset's ratio; does nothing when the preset has none. */
  goToGap(): void;
  goToHalfMacs(): void;
  /** The largest measured ratio that costs at most `drop` of accuracy. */
  goToWithin(drop: number): void;
  /** Goes to the next measured point of the slider, or back to the one before; stays where there is none. */
  goToDot(way: "previous" | "next"): void;
  /** Shows the network as it is before the cut, for as long as it is held: nothing is measured or changed. */
  showUncut(isHeld: boolean): void;
  /** Which of the predictions the test images are shown with. */
  compareImages(view: ImageView): void;
  /** @param rank — of the channel of that layer that is pointed at, if any; 0 for the largest score */
  hover(layer: number | null, rank?: number | null): void;
  apply(): Promise<void>;
  restore(runId: number): void;
  /** Goes back to what was on the page before the last change, or forth again. */
  undo(): void;
  redo(): void;
  /** A pointer or a key is down: what changes until it is up is one step to undo. */
  holdHistory(): void;
  releaseHistory(): void;
  computeSensitivity(): Promise<void>;
  cancelSensitivity(): void;
  editTraining(purpose: Purpose, patch: Partial<TrainingForm>): void;
  startTraining(purpose: Purpose): Promise<void>;
  pauseTraining(paused: boolean): Promise<void>;
  stopTraining(): void;
  keepTraining(): void;
  discardTraining(): Promise<void>;
  /** Writes the network on the page; nothing when it was refused, which the page then says. */
  exportFiles(format: ExportFormat, options?: ExportOptions): Promise<Delivered | null>;
  /** The cut that is shown, as a line for a shell or as a recipe; null where nothing goes. */
  writeCut(as: "command line" | "recipe"): string | null;
  /** @param isThere — false where the browser forbids it */
  sayCopied(what: string, isThere: boolean): void;
  /** @param isCut — about the network as the page shows it cut */
  report(isCut?: boolean): ExportedFile;
  cancel(): void;
  dismissProblem(step: Step): void;
  dismissRestart(): void;
}
