/** @file The slider's position in words, for a screen reader. */
import { dotsOf, interpolate, useWorkbench } from "../../state/index.ts";
import { largeSpoken, percent } from "../format.ts";

/** @returns says "62.5 %, about 88.1 % accuracy, 5.6 million MACs" for the state of the moment */
export function useSpokenRatio(): () => string {
  const { slider, measured, page, method } = useWorkbench();
  return () => {
    const { ratio, preview } = slider.getState();
    const { session } = page.getState();
    const { text } = method.getState();
    const dots = session === null ? [] : dotsOf(measured.getState(), session.key, text);
    const accuracy = interpolate(dots, ratio);
    const parts = [percent(ratio, 1, true)];
    if (accuracy !== null) parts.push(`about ${percent(accuracy)} accuracy`);
    if (preview !== null) parts.push(`${largeSpoken(preview.cost.macs)} MACs`);
    return parts.join(", ");
  };
}
