/**
 * @file How a cut is set: with the slider, by the method and from the sensitivity curves. One set of commands,
 * since each of the three leads to the others; none of them carries a cut out (`cutting.ts`).
 */
import type { Activity } from "./activity.ts";
import { wholeAccuracy, type MeasuredStore } from "./measured.ts";
import {
  createMethodCommands,
  type MethodCommands,
  type MethodCommandsParts,
} from "./method-commands.ts";
import type { Methods } from "./methods.ts";
import type { PageStore } from "./page.ts";
import type { Sensitivity } from "./sensitivity.ts";
import {
  createSensitivityCommands,
  type SensitivityCommands,
  type SensitivityCommandsParts,
} from "./sensitivity-commands.ts";
import type { Slider } from "./slider.ts";
import { createSliderCommands, type SliderCommands } from "./slider-commands.ts";

export type SettingCommands = SliderCommands & MethodCommands & SensitivityCommands;

export interface SettingParts {
  readonly page: PageStore;
  readonly slider: Slider;
  readonly methods: Methods;
  readonly measured: MeasuredStore;
  readonly sensitivity: Sensitivity;
  readonly activity: Activity;
  readonly imageSet: SensitivityCommandsParts["imageSet"];
  /** Called when another cut is set. */
  readonly onChange: () => void;
  readonly onPreset: MethodCommandsParts["onPreset"];
}

export function createSetting(parts: SettingParts): SettingCommands {
  const { page, slider, methods, measured, sensitivity, activity, imageSet } = parts;
  const { onChange, onPreset } = parts;
  const method = createMethodCommands({
    methods,
    slider,
    activity,
    session: () => page.getState().session,
    base: () => {
      const whole = wholeAccuracy(measured.getState(), page.getState().session?.key);
      return sensitivity.store.getState().base ?? whole ?? 1;
    },
    onChange,
    onPreset,
  });
  return {
    ...method,
    ...createSliderCommands({ page, slider, methods, measured, onChange }),
    ...createSensitivityCommands({ sensitivity, methods, imageSet, change: method }),
  };
}
