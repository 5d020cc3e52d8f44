/** @file What is said of a test image: what it is, what it is taken for, and what a cut has made of that. Pure. */
import type { GalleryState } from "../../state/index.ts";
import { percent } from "../format.ts";

/** What became of an image's prediction. */
export type Fate = "same" | "worse" | "better" | "other";

type Seen = Pick<GalleryState, "before" | "after" | "classes" | "gallery">;

/** A class by its name; `?` for one that nobody has named. */
export function className(classes: readonly string[], label: number | undefined): string {
  return classes[label ?? -1] ?? "?";
}

export function fateOf({ before, after, gallery }: Seen, image: number): Fate {
  const [was, now] = [before?.classes[image], after?.classes[image]];
  if (was === undefined || now === undefined || was === now) return "same";
  const label = gallery?.labels[image];
  if (was === label) return "worse";
  return now === label ? "better" : "other";
}

/** What it is taken for: `dog → cat`, or `dog, 98 % sure`. */
export function wordsFor({ before, after, classes, gallery }: Seen, image: number): string {
  if (before === null) return className(classes, gallery?.labels[image]);
  const was = className(classes, before.classes[image]);
  const now = after?.classes[image];
  if (now !== undefined && now !== before.classes[image]) {
    return `${was} → ${className(classes, now)}`;
  }
  const sure = after?.confidence[image] ?? before.confidence[image] ?? 0;
  return `${was}, ${percent(sure, 0)} sure`;
}

/** What it is. */
export function truthOf({ classes, gallery }: Seen, image: number): string {
  return `truly ${className(classes, gallery?.labels[image])}`;
}
