/**
 * @file The curve that is pointed at: in ink, with its band, its measured points, and what the one that is
 * meant says. Its points are what the keyboard comes to; while none is lit, the first layer's wait unseen.
 */
import { useEffect, useRef } from "react";
import { useMethod } from "../../state/index.ts";
import { count, percent } from "../format.ts";
import { bandOf, type PlacedCurve, type PlacedCurves } from "./curve-points.ts";
import styles from "./SensitivityChart.module.css";

interface LitCurveProps {
  readonly placed: PlacedCurves;
  readonly curve: PlacedCurve;
  readonly isLit: boolean;
  /** Of the point that is meant. */
  readonly ratio: number | null;
  readonly name: string;
  readonly onFocus: (ratio: number) => void;
}

export function LitCurve({ placed, curve, isLit, ratio, name, onFocus }: LitCurveProps) {
  const points = useRef<SVGGElement>(null);
  const pruning = useMethod((state) => state.pruning);
  const { samples, path, layer } = curve;
  const { x, y } = placed;
  const measured = samples.filter((sample) => sample.ratio > 0);
  const meant = measured.find((sample) => sample.ratio === ratio);
  const { of = 0, isLocked = false } = pruning?.layers[layer] ?? {};
  const keptAt = (at: number): string =>
    pruning === null || isLocked
      ? "locked"
      : `keeps ${count(pruning.keptAlone(layer, at))} of ${count(of)}`;
  // The focus goes along with what the keys mean.
  useEffect(() => {
    const focused = points.current?.contains(document.activeElement) === true;
    if (focused) points.current?.querySelector<SVGElement>('[tabindex="0"]')?.focus();
  });
  const right = x.at(x.high);
  return (
    <g data-lit={isLit} className={styles.lit}>
      <path d={bandOf(samples, placed)} className={styles.band} />
      <path d={path} className={styles.litLine} />
      <g ref={points}>
        {measured.map((sample, i) => (
          <circle
            key={sample.ratio}
            role="button"
            tabIndex={(meant ?? measured[0]) === sample ? 0 : -1}
            aria-label={`${name} at ${percent(sample.ratio, 0)} removed: ${percent(sample.accuracy)} accuracy, ${keptAt(sample.ratio)}`}
            aria-disabled={isLocked}
            cx={x.at(sample.ratio)}
            cy={y.at(sample.accuracy)}
            r={sample === meant ? 5 : 3}
            data-meant={sample === meant}
            data-at={i}
            className={styles.point}
            onFocus={() => {
              if (sample !== meant) onFocus(sample.ratio);
            }}
          />
        ))}
      </g>
      {isLit && (
        <text x={right} y={12} textAnchor="end" className={styles.says} aria-hidden="true">
          <tspan className={styles.name}>{name}</tspan>
          {meant === undefined
            ? ""
            : ` at ${percent(meant.ratio, 0)} removed: ${percent(meant.accuracy)}, ${keptAt(meant.ratio)}`}
        </text>
      )}
    </g>
  );
}
