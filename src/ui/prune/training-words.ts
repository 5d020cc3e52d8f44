/** @file What the trainings before and after a cut are set to, in a few words; of a field that says no number, that. Pure. */
import { typedNumber, type TrainingForm } from "../../state/index.ts";
import { plural, THIN } from "../format.ts";

/** How strongly the sparse training pushes: `L1 on γ, 0.001`, or `none`. */
export function pushWords(strength: string): string {
  const number = typedNumber(strength);
  if (Number.isNaN(number)) return "L1 on γ, strength not set";
  return number === 0 ? "none" : `L1 on γ, ${strength.trim()}`;
}

/** For how long the cut network is trained on: `fine-tune, 15 s`, or `fine-tune, 2 epochs`. */
export function repairWords({
  length,
  seconds,
  epochs,
}: Pick<TrainingForm, "length" | "seconds" | "epochs">): string {
  const number = typedNumber(length === "seconds" ? seconds : epochs);
  if (Number.isNaN(number)) return "fine-tune, length not set";
  if (length === "seconds") return `fine-tune, ${seconds.trim()}${THIN}s`;
  return `fine-tune, ${plural(number, "epoch")}`;
}
