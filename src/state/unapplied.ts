/**
 * @file The cut that is set on Prune and not carried out. Every other step is about the network as it is, which a
 * person who has just set a cut does not expect: so they are asked, once for each setting.
 */
import { positionName } from "./measured.ts";
import { whereOf } from "./method.ts";
import type { MethodState } from "./methods.ts";
import type { PageState } from "./page.ts";
import type { SliderState } from "./slider.ts";

export interface Unapplied {
  /** The network with the setting, by which the answer is remembered. */
  readonly name: string;
  /** Such as "The cut of 40 %". */
  readonly title: string;
  /** True once the person goes on without it. */
  readonly isLeftOut: boolean;
}

/** @returns null where nothing would go */
export function unappliedOf(
  { session, leftOut }: Pick<PageState, "session" | "leftOut">,
  { method, text }: Pick<MethodState, "method" | "text">,
  { ratio, preview }: Pick<SliderState, "ratio" | "preview">,
): Unapplied | null {
  if (session === null || preview === null || preview.removed === 0) return null;
  const name = positionName({ key: session.key, method: text, ratio });
  const where = whereOf(method.allocation, ratio).replace(/^at /, "of ");
  const title = `The ${method.manner.kind} ${where}`;
  return { name, title, isLeftOut: leftOut === name };
}
