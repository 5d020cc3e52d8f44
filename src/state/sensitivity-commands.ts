/**
 * @file What a person does with the sensitivity curves: has them measured, and cancels it. A method that
 * waited for them is tried again when they are whole.
 */
import type { ImageSet } from "./engine.ts";
import type { MethodCommands } from "./method-commands.ts";
import type { Methods } from "./methods.ts";
import type { Sensitivity } from "./sensitivity.ts";

export interface SensitivityCommands {
  computeSensitivity(): Promise<void>;
  cancelSensitivity(): void;
}

export interface SensitivityCommandsParts {
  readonly sensitivity: Sensitivity;
  readonly methods: Methods;
  readonly imageSet: () => ImageSet;
  readonly change: Pick<MethodCommands, "typeSetting" | "changeMethod">;
}

export function createSensitivityCommands(parts: SensitivityCommandsParts): SensitivityCommands {
  const { sensitivity, methods, imageSet, change } = parts;
  return {
    computeSensitivity: async () => {
      const isWhole = await sensitivity.computeAll(imageSet());
      const { allocation, points } = methods.store.getState().asked;
      if (!isWhole || allocation.kind !== "sensitivity") return;
      // Points are of the accuracy that is known now.
      if ("loss" in allocation && points !== undefined) {
        change.typeSetting("points", String(points));
      } else change.changeMethod({}, "allocation");
    },
    cancelSensitivity: sensitivity.cancel,
  };
}
