/**
 * @file The one list of everything that a person can do on the page, with its keys: the palette offers it, the list of
 * keys shows it, and `shell/use-keys.ts` listens for it, so that none of them is out of step.
 */
import type { Action, Reach } from "./action.ts";
import { cutActions } from "./cut.ts";
import { exportActions } from "./export.ts";
import type { Key } from "./keys.ts";
import { methodActions } from "./method.ts";
import { openingActions } from "./opening.ts";
import { pageActions, stepActions } from "./page.ts";
import { trainingActions } from "./training.ts";

/** The keys of the whole page, by the action's id. */
export const KEYS: Readonly<Record<string, readonly Key[]>> = {
  palette: [{ key: "k", mod: true }],
  undo: [{ key: "z", mod: true }],
  redo: [
    { key: "z", mod: true, shift: true },
    { key: "y", mod: true },
  ],
  cancel: [{ key: "Escape" }],
  pause: [{ key: " " }],
  resume: [{ key: " " }],
  uncut: [{ key: "b" }],
  "dot-previous": [{ key: "[" }],
  "dot-next": [{ key: "]" }],
  "images-before": [{ key: "1" }],
  "images-both": [{ key: "2" }],
  "images-after": [{ key: "3" }],
  graph: [{ key: "g" }],
  keys: [{ key: "?" }],
};

/** Keys that belong to one control and are heard there. */
export const LOCAL_KEYS: readonly { readonly keys: string; readonly text: string }[] = [
  { keys: "← →", text: "Steps, views, the ratio: one to the side" },
  { keys: "Page Up, Page Down", text: "The ratio: five per cent" },
  { keys: "Home, End", text: "The ratio: nothing, all but the last" },
  { keys: "↑ ↓", text: "The sheet: from layer to layer" },
  { keys: "Enter", text: "The sheet: look into the channel that is marked" },
  { keys: "K", text: "The sheet: how many channels of the layer stay" },
  { keys: "Tab, ← →", text: "The sheet: to the handle of the layer, and a channel less or more" },
  { keys: "Backspace", text: "The sheet: give the layer back to the method" },
  { keys: "L", text: "The sheet: lock the layer, or unlock it" },
  { keys: "D", text: "The sheet: what goes together with the layer" },
  { keys: "F", text: "The sheet: fold the stage, or unfold it" },
  { keys: "Z", text: "The sheet: a leaf per channel of the layer, and back" },
  { keys: "+ − 0", text: "The graph: larger, smaller, all of it" },
];

/** As the page is now. */
export function listActions(reach: Reach): readonly Action[] {
  return [
    ...pageActions(reach),
    ...stepActions(reach),
    ...cutActions(reach),
    ...methodActions(reach),
    ...trainingActions(reach),
    ...exportActions(reach),
    ...openingActions(reach),
  ];
}
