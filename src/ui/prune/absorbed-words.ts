/** @file What readers took over from dead channels, in words: how many, and how far off at their borders. */
import type { Absorbed } from "../../state/index.ts";
import { percent, plural, score } from "../format.ts";

/** In one sentence; nothing until the cut has been measured. */
export function absorbedWords(absorbed: readonly Absorbed[] | undefined): string {
  if (absorbed === undefined) return "";
  if (absorbed.length === 0) return "No channel goes that is dead and still says something.";
  const lost = absorbed.filter(({ into }) => into === "nothing");
  const taken = absorbed.length - lost.length;
  const worst = absorbed.reduce((most, one) => (one.error > most.error ? one : most));
  const sentences = [
    ...(taken === 0 ? [] : [`${plural(taken, "layer")} took over from dead channels`]),
    ...(worst.error === 0
      ? []
      : [`padded borders are off by at most ${score(worst.error)} (${worst.layer})`]),
    ...(absorbed.every(({ isExact }) => isExact) ? [] : ["small γ counted as 0"]),
    ...(lost.length === 0 ? [] : [`${lost.map(({ layer }) => layer).join(", ")} could not`]),
  ];
  return `${sentences.join("; ")}.`;
}

/** Layer by layer, a line each. */
export function absorbedDetail(absorbed: readonly Absorbed[] | undefined): string {
  return (absorbed ?? [])
    .map(({ layer, channels, shift, error, touched }) => {
      const border =
        error === 0 ? "exact" : `off by at most ${score(error)} on ${percent(touched)} of its map`;
      return `${layer}: ${plural(channels, "dead channel")}, outputs shifted by up to ${score(shift)}, ${border}`;
    })
    .join("\n");
}
