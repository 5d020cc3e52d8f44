/**
 * @file What a person does with the slider: takes it to a ratio, or to where something is reached. Where
 * the method does not go by ratio, moving the slider makes it so.
 */
import { dotsOf, ratioWithin, type MeasuredStore, type Track } from "./measured.ts";
import { BY_RATIO, isByRatio } from "./method.ts";
import type { Methods } from "./methods.ts";
import type { PageStore } from "./page.ts";
import { sentenceOf } from "./problem.ts";
import { parseRatio, type Slider } from "./slider.ts";
import { freeRatio, MOST_KEPT, SAFE_DROP, textByRatio } from "./telling.ts";

export interface SliderCommands {
  setRatio(ratio: number): void;
  /** @returns the sentence for what is no ratio, or null when it was taken */
  typeRatio(text: string): string | null;
  setThreshold(value: number): void;
  /** Goes to a preset's ratio; does nothing when the preset has none. */
  goToGap(): void;
  goToHalfMacs(): void;
  /** The largest measured ratio that costs next to nothing. */
  goToSafe(): void;
  /** The largest measured ratio that most of the accuracy survives. */
  goToMost(): void;
  /** Goes to the next measured point of the slider, or back to the one before; stays where there is none. */
  goToDot(way: "previous" | "next"): void;
  /** Shows the network as it is before the cut, for as long as it is held: nothing is measured or changed. */
  showUncut(isHeld: boolean): void;
  /** @param rank — of the channel of that layer that is pointed at, if any; 0 for the largest score */
  hover(layer: number | null, rank?: number | null): void;
}

export interface SliderCommandsParts {
  readonly page: PageStore;
  readonly slider: Slider;
  readonly methods: Methods;
  readonly measured: MeasuredStore;
  /** Called when the slider stands elsewhere, or the method is another. */
  readonly onChange: () => void;
}

export function createSliderCommands(parts: SliderCommandsParts): SliderCommands {
  const { page, slider, methods, measured } = parts;

  const setRatio = (ratio: number): void => {
    const { method, asked, isScoring } = methods.store.getState();
    // A criterion that is still looking at the network is waited for wherever the slider goes.
    if (!isByRatio(method) || (method !== asked && !isScoring)) {
      methods.ask({ ...method, allocation: { ...BY_RATIO, ratio } }, "allocation");
      parts.onChange();
      return;
    }
    const before = slider.store.getState().ratio;
    slider.setRatio(ratio);
    if (slider.store.getState().ratio !== before) parts.onChange();
  };

  const goTo = (ratio: number | null | undefined): void => {
    if (ratio !== null && ratio !== undefined) setRatio(ratio);
  };

  const goWithin = (least: (was: number) => number): void => {
    const along = trackOf(page, methods);
    if (along !== null) goTo(ratioWithin(measured.getState(), along, least));
  };

  return {
    setRatio,
    typeRatio: (text) => {
      try {
        setRatio(parseRatio(text));
        return null;
      } catch (error) {
        return sentenceOf(error);
      }
    },
    setThreshold: (value) => goTo(slider.ratioForThreshold(value)),
    goToGap: () => {
      const { pruning, method } = methods.store.getState();
      if (pruning !== null) goTo(freeRatio({ pruning, method }));
    },
    goToHalfMacs: () => goTo(slider.ratioForMacs(0.5)),
    goToSafe: () => goWithin((was) => was - SAFE_DROP),
    goToMost: () => goWithin((was) => was * MOST_KEPT),
    goToDot: (way) => {
      const along = trackOf(page, methods);
      if (along === null) return;
      const dots = dotsOf(measured.getState(), along.key, along.method);
      const { ratio: now } = slider.store.getState();
      goTo(
        way === "next"
          ? dots.find(({ ratio }) => ratio > now)?.ratio
          : dots.findLast(({ ratio }) => ratio < now)?.ratio,
      );
    },
    hover: slider.hover,
    showUncut: slider.showUncut,
  };
}

/** What is measured along the slider: the network on the page, by its method; null without a network. */
function trackOf(page: PageStore, methods: Methods): Track | null {
  const { session } = page.getState();
  const { method } = methods.store.getState();
  return session === null ? null : { key: session.key, method: textByRatio(method) };
}
