/**
 * @file Everything that the page shows, one store per concept. Each is made and written by the part that it
 * comes from; whoever shows it only reads.
 */
import type { StoreApi } from "zustand/vanilla";
import type { ActivityState } from "./activity.ts";
import type { ComparingState } from "./comparing.ts";
import type { ExportsState } from "./exporting.ts";
import type { FirstVisitState } from "./first-visit.ts";
import type { GalleryState } from "./gallery.ts";
import type { HistoryState } from "./history.ts";
import type { InspectingState } from "./inspecting.ts";
import type { KeepingState } from "./keeping.ts";
import type { MeasuredStore } from "./measured.ts";
import type { MethodState } from "./methods.ts";
import type { NormalizingState } from "./normalizing.ts";
import type { PageStore } from "./page.ts";
import type { PassingState } from "./passing.ts";
import type { RereadingState } from "./rereading.ts";
import type { RoomState } from "./room.ts";
import type { SensitivityState } from "./sensitivity.ts";
import type { SharingState } from "./sharing.ts";
import type { SizingState } from "./sizing.ts";
import type { SketchingState } from "./sketching.ts";
import type { SliderStore } from "./slider.ts";
import type { TrainingState } from "./training.ts";

export interface Stores {
  readonly page: PageStore;
  readonly slider: SliderStore;
  readonly method: StoreApi<MethodState>;
  readonly measured: MeasuredStore;
  readonly activity: StoreApi<ActivityState>;
  readonly training: StoreApi<TrainingState>;
  readonly passing: StoreApi<PassingState>;
  readonly sensitivity: StoreApi<SensitivityState>;
  readonly gallery: StoreApi<GalleryState>;
  readonly inspecting: StoreApi<InspectingState>;
  readonly exports: StoreApi<ExportsState>;
  readonly normalizing: StoreApi<NormalizingState>;
  readonly sizing: StoreApi<SizingState>;
  readonly sketching: StoreApi<SketchingState>;
  readonly rereading: StoreApi<RereadingState>;
  readonly history: StoreApi<HistoryState>;
  readonly sharing: StoreApi<SharingState>;
  readonly comparing: StoreApi<ComparingState>;
  readonly keeping: StoreApi<KeepingState>;
  readonly firstVisit: StoreApi<FirstVisitState>;
  readonly room: StoreApi<RoomState>;
}
