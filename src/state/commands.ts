/** @file One command per thing that a person does. What each does stands in the file that its part comes from; `workbench.ts` puts them together. */
import type { CuttingCommands } from "./cutting.ts";
import type { DatasetsCommands } from "./datasets.ts";
import type { Delivered, ExportFormat } from "./engine.ts";
import type { ExportOptions } from "./exporting.ts";
import type { ImageView } from "./gallery.ts";
import type { InspectingCommands } from "./inspecting.ts";
import type { KeepingCommands } from "./keeping.ts";
import type { MethodCommands } from "./method-commands.ts";
import type { NormalizingCommands } from "./normalizing.ts";
import type { OpeningCommands } from "./opening.ts";
import type { Step } from "./page.ts";
import type { ReportingCommands } from "./reporting.ts";
import type { RunCommands } from "./run-commands.ts";
import type { SensitivityCommands } from "./sensitivity-commands.ts";
import type { SharingCommands } from "./sharing.ts";
import type { SliderCommands } from "./slider-commands.ts";
import type { StartingCommands } from "./starting.ts";
import type { Purpose, TrainingForm } from "./training-form.ts";

export interface Commands
  extends
    CuttingCommands,
    DatasetsCommands,
    InspectingCommands,
    KeepingCommands,
    MethodCommands,
    NormalizingCommands,
    OpeningCommands,
    ReportingCommands,
    RunCommands,
    SensitivityCommands,
    SharingCommands,
    SliderCommands,
    StartingCommands {
  goTo(step: Step): void;
  /** Which of the predictions the test images are shown with. */
  compareImages(view: ImageView): void;
  restore(runId: number): void;
  /** Goes back to what was on the page before the last change, or forth again. */
  undo(): void;
  redo(): void;
  /** A pointer or a key is down: what changes until it is up is one step to undo. */
  holdHistory(): void;
  releaseHistory(): void;
  editTraining(purpose: Purpose, patch: Partial<TrainingForm>): void;
  startTraining(purpose: Purpose): Promise<void>;
  pauseTraining(paused: boolean): Promise<void>;
  stopTraining(): void;
  keepTraining(): void;
  discardTraining(): Promise<void>;
  /** Writes the network on the page; nothing when it was refused, which the page then says. */
  exportFiles(format: ExportFormat, options?: ExportOptions): Promise<Delivered | null>;
  cancel(): void;
  dismissProblem(step: Step): void;
}
