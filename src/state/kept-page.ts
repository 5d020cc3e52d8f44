/**
 * @file The page as a project: its document, what that follows from, and whether there is anything on it
 * worth keeping. It only reads; when it is kept and brought back stands in `keeping.ts`.
 */
import type { Adopting } from "./adopting.ts";
import type { ImageSet } from "./engine.ts";
import type { KeepingParts } from "./keeping.ts";
import { noteOf } from "./kept-training.ts";
import type { MeasuredStore } from "./measured.ts";
import { DEFAULT_METHOD, methodText } from "./method.ts";
import type { Methods } from "./methods.ts";
import { SHIPPED_ORIGIN } from "./opening.ts";
import type { PageStore } from "./page.ts";
import { imagesOf, writeDocument } from "./project-document.ts";
import type { Sensitivity } from "./sensitivity.ts";
import type { Slider } from "./slider.ts";
import type { Training } from "./training.ts";

export interface KeptPageParts {
  readonly page: PageStore;
  readonly methods: Methods;
  readonly slider: Slider;
  readonly measured: MeasuredStore;
  readonly sensitivity: Sensitivity;
  readonly training: Pick<Training, "store" | "takeUp">;
  readonly adopting: Pick<Adopting, "waiting">;
  readonly imageSet: () => ImageSet;
}

export type KeptPage = Pick<
  KeepingParts,
  "document" | "training" | "hasTraining" | "takeUp" | "origins" | "isUntouched"
>;

export function createKeptPage(parts: KeptPageParts): KeptPage {
  const { page, methods, slider, measured, sensitivity, training, adopting, imageSet } = parts;
  return {
    training: () => noteOf(training.store.getState()),
    hasTraining: () => training.store.getState().checkpoint !== null,
    takeUp: training.takeUp,
    document: () => {
      const { isScoring, needsCurves } = methods.store.getState();
      return writeDocument({
        page: page.getState(),
        // What is on its way is what is meant.
        method: isScoring || needsCurves ? methods.asked() : methods.current(),
        measured: measured.getState(),
        curves: sensitivity.all(),
        images: imagesOf(page.getState().data, imageSet()),
        saved: new Date().toISOString(),
        waiting: adopting.waiting(),
      });
    },
    origins: () => {
      const { runs, runId, step } = page.getState();
      const { evaluations, latencies } = measured.getState();
      const { method, asked } = methods.store.getState();
      const { ratio } = slider.store.getState();
      const { curves } = sensitivity.store.getState();
      const { checkpoint } = training.store.getState();
      return [runs, runId, step, evaluations, latencies, method, asked, ratio, curves, checkpoint];
    },
    isUntouched: () => {
      const { runs, session } = page.getState();
      if (session === null) return true;
      const isFresh = runs.length === 1 && session.origin === SHIPPED_ORIGIN;
      const method = methods.asked();
      const isUsual = methodText(method) === methodText(DEFAULT_METHOD);
      const hasCurves = sensitivity.store.getState().curves.size > 0;
      const isCut = slider.store.getState().ratio > 0 || method.manner.kind === "mask";
      return isFresh && isUsual && !isCut && !hasCurves && session.normalization.source === "said";
    },
  };
}
