/** @file One command per thing that a person does. What each does stands in the file that its part comes from; `workbench.ts` puts them together. */
import type { CuttingCommands } from "./cutting.ts";
import type { DatasetsCommands } from "./datasets.ts";
import type { Delivered, ExportFormat } from "./engine.ts";
import type { ExportOptions } from "./exporting.ts";
import type { ImageView } from "./gallery.ts";
import type { FirstVisitCommands } from "./first-visit.ts";
import type { HistoryCommands } from "./history.ts";
import type { InspectingCommands } from "./inspecting.ts";
import type { KeepingCommands } from "./keeping.ts";
import type { MethodCommands } from "./method-commands.ts";
import type { NormalizingCommands } from "./normalizing.ts";
import type { OpeningCommands } from "./opening.ts";
import type { Step } from "./page.ts";
import type { PassingCommands } from "./passing.ts";
import type { ReportingCommands } from "./reporting.ts";
import type { RunCommands } from "./run-commands.ts";
import type { SensitivityCommands } from "./sensitivity-commands.ts";
import type { SharingCommands } from "./sharing.ts";
import type { ShowingCommands } from "./showing.ts";
import type { SliderCommands } from "./slider-commands.ts";
import type { StartingCommands } from "./starting.ts";
import type { TrainingCommands } from "./training.ts";

export interface Commands
  extends
    CuttingCommands,
    DatasetsCommands,
    FirstVisitCommands,
    HistoryCommands,
    InspectingCommands,
    KeepingCommands,
    MethodCommands,
    NormalizingCommands,
    OpeningCommands,
    PassingCommands,
    ReportingCommands,
    RunCommands,
    SensitivityCommands,
    SharingCommands,
    ShowingCommands,
    SliderCommands,
    StartingCommands,
    TrainingCommands {
  goTo(step: Step): void;
  /** Which of the predictions the test images are shown with. */
  compareImages(view: ImageView): void;
  /** Measures these positions again where what was kept of them does not tell classes apart. */
  divideByClass(names: readonly string[]): void;
  /** Writes the network on the page; nothing when it was refused, which the page then says. */
  exportFiles(format: ExportFormat, options?: ExportOptions): Promise<Delivered | null>;
  cancel(): void;
  dismissProblem(step: Step): void;
}
