/** @file The thin React skin over the stores: one context, one hook per store. */
import { createContext, useContext } from "react";
import { useStore } from "zustand";
import { known } from "../core/index.ts";
import type { ActivityState } from "./activity.ts";
import type { ComparingState } from "./comparing.ts";
import type { ExportsState } from "./exporting.ts";
import type { FirstVisitState } from "./first-visit.ts";
import type { GalleryState } from "./gallery.ts";
import type { HistoryState } from "./history.ts";
import type { InspectingState } from "./inspecting.ts";
import type { KeepingState } from "./keeping.ts";
import type { MeasuredState } from "./measured.ts";
import type { NormalizingState } from "./normalizing.ts";
import type { MethodState } from "./methods.ts";
import type { PageState } from "./page.ts";
import type { RoomState } from "./room.ts";
import type { SensitivityState } from "./sensitivity.ts";
import type { PassingState } from "./passing.ts";
import type { RereadingState } from "./rereading.ts";
import type { SharingState } from "./sharing.ts";
import type { SizingState } from "./sizing.ts";
import type { SketchingState } from "./sketching.ts";
import type { SliderState } from "./slider.ts";
import type { TrainingState } from "./training.ts";
import type { Commands } from "./commands.ts";
import type { Workbench } from "./workbench.ts";

export const WorkbenchContext = createContext<Workbench | null>(null);

export function useWorkbench(): Workbench {
  return known(useContext(WorkbenchContext), "workbench");
}

export function useCommands(): Commands {
  return useWorkbench().commands;
}

export function usePage<T>(select: (state: PageState) => T): T {
  return useStore(useWorkbench().page, select);
}

export function useMethod<T>(select: (state: MethodState) => T): T {
  return useStore(useWorkbench().method, select);
}

export function useMeasured<T>(select: (state: MeasuredState) => T): T {
  return useStore(useWorkbench().measured, select);
}

export function useActivity<T>(select: (state: ActivityState) => T): T {
  return useStore(useWorkbench().activity, select);
}

export function useTraining<T>(select: (state: TrainingState) => T): T {
  return useStore(useWorkbench().training, select);
}

export function useSensitivity<T>(select: (state: SensitivityState) => T): T {
  return useStore(useWorkbench().sensitivity, select);
}

export function useGallery<T>(select: (state: GalleryState) => T): T {
  return useStore(useWorkbench().gallery, select);
}

export function useInspecting<T>(select: (state: InspectingState) => T): T {
  return useStore(useWorkbench().inspecting, select);
}

export function useExports<T>(select: (state: ExportsState) => T): T {
  return useStore(useWorkbench().exports, select);
}

export function useNormalizing<T>(select: (state: NormalizingState) => T): T {
  return useStore(useWorkbench().normalizing, select);
}

export function useSizing<T>(select: (state: SizingState) => T): T {
  return useStore(useWorkbench().sizing, select);
}

export function useRereading<T>(select: (state: RereadingState) => T): T {
  return useStore(useWorkbench().rereading, select);
}

export function useKeeping<T>(select: (state: KeepingState) => T): T {
  return useStore(useWorkbench().keeping, select);
}

export function useHistory<T>(select: (state: HistoryState) => T): T {
  return useStore(useWorkbench().history, select);
}

export function useSharing<T>(select: (state: SharingState) => T): T {
  return useStore(useWorkbench().sharing, select);
}

export function useFirstVisit<T>(select: (state: FirstVisitState) => T): T {
  return useStore(useWorkbench().firstVisit, select);
}

export function useComparing<T>(select: (state: ComparingState) => T): T {
  return useStore(useWorkbench().comparing, select);
}

/** For what changes when a drag ends or the pointer moves on; a frame of a drag paints without React. */
export function useSlider<T>(select: (state: SliderState) => T): T {
  return useStore(useWorkbench().slider, select);
}

export function usePassing<T>(select: (state: PassingState) => T): T {
  return useStore(useWorkbench().passing, select);
}

export function useSketching<T>(select: (state: SketchingState) => T): T {
  return useStore(useWorkbench().sketching, select);
}

export function useRoom<T>(select: (state: RoomState) => T): T {
  return useStore(useWorkbench().room, select);
}
