/**
 * @file Whether images can say anything about a network. Where the number of classes or the size of an image
 * disagrees, nothing is measured, since every figure would be wrong; the page says what disagrees, and
 * what needs no images goes on.
 */
import type { Shape } from "../core/index.ts";
import type { ImageCount } from "./engine.ts";
import type { PageState } from "./page.ts";
import type { Session } from "./session.ts";

/** What is seen of one side. */
interface Side {
  readonly name: string;
  readonly classes: number;
  /** Of an image, `[h, w, c]`. */
  readonly shape: Shape;
}

/** A network and images that do not belong together. */
export interface Misfit {
  readonly network: Side;
  readonly images: Side;
  /** Sizes are named first: they are the coarser difference. */
  readonly about: "size" | "classes";
}

/** @returns null for images that fit, and without any */
export function misfitOf(
  { name, classes, input }: Pick<Session, "name" | "classes" | "input">,
  images: ImageCount | null,
): Misfit | null {
  if (images === null) return null;
  const isSize = input.join() !== images.shape.join();
  if (!isSize && classes === images.classes.length) return null;
  return {
    network: { name, classes, shape: input },
    images: { name: images.name, classes: images.classes.length, shape: images.shape },
    about: isSize ? "size" : "classes",
  };
}

type Seen = Pick<PageState, "session" | "data">;

/** Of the images that accuracy is measured on. */
export function misfitMeasured({ session, data }: Seen): Misfit | null {
  return session && misfitOf(session, data?.test ?? data?.validation ?? null);
}

/** Of the images that a training would take; as long as there are none, of those that there are. */
export function misfitTrained({ session, data }: Seen): Misfit | null {
  return session && misfitOf(session, data?.training ?? data?.test ?? null);
}

/** True for networks that CIFAR-10's images fit, which are beside the app. */
export function takesCifar10({ network }: Misfit): boolean {
  return network.classes === 10 && network.shape.join() === "32,32,3";
}
