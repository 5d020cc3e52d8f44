/** @file What is said of a test image: what it is, what it is taken for, and what a cut has made of that. Pure. */
import type { GalleryState } from "../../state/index.ts";
import { percent } from "../format.ts";
import { nameOfClass } from "./class-name.ts";

/** What became of an image's prediction. */
export type Fate = "same" | "worse" | "better" | "other";

type Seen = Pick<GalleryState, "before" | "after" | "classes" | "gallery">;

export function fateOf({ before, after, gallery }: Seen, image: number): Fate {
  const [was, now] = [before?.classes[image], after?.classes[image]];
  if (was === undefined || now === undefined || was === now) return "same";
  const label = gallery?.labels[image];
  if (was === label) return "worse";
  return now === label ? "better" : "other";
}

/** What it is taken for: `dog → cat`, or `dog, 98 % sure`; nothing before the network was asked. */
export function wordsFor({ before, after, classes }: Seen, image: number): string {
  const label = before?.classes[image];
  if (before === null || label === undefined) return "";
  const was = nameOfClass(classes, label);
  const now = after?.classes[image];
  if (now !== undefined && now !== label) return `${was} → ${nameOfClass(classes, now)}`;
  const sure = after?.confidence[image] ?? before.confidence[image] ?? 0;
  return `${was}, ${percent(sure, 0)} sure`;
}

/** What it is: `truly cat`. */
export function truthOf({ classes, gallery }: Seen, image: number): string {
  const label = gallery?.labels[image];
  return label === undefined ? "" : `truly ${nameOfClass(classes, label)}`;
}

/** What is said of it by itself: `truly cat: dog, 98 % sure`, or only what it is. */
export function spokenImage(state: Seen, image: number): string {
  const words = wordsFor(state, image);
  return `${truthOf(state, image)}${words === "" ? "" : `: ${words}`}${FATES[fateOf(state, image)]}`;
}

/** What a changed prediction comes to, for who does not see its mark. */
const FATES: Readonly<Record<Fate, string>> = {
  same: "",
  worse: ", worse",
  better: ", better",
  other: ", wrong both times",
};
