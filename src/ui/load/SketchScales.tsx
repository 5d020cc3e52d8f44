/** @file The BN scales of a network that can only be looked at, as bars over a logarithmic axis. */
import { countDead } from "../../state/index.ts";
import { countBins, decades, logAxis, placeOf } from "../charts/histogram.ts";
import { count, percent } from "../format.ts";
import styles from "./SketchSheet.module.css";

const BINS = 80;

export function SketchScales({ scales }: { readonly scales: Float32Array }) {
  if (scales.length === 0) return null;
  const axis = logAxis(Float64Array.from(scales).sort());
  const { counts, most } = countBins(scales, BINS, axis);
  const dead = countDead(scales);
  const words = `${count(dead)} of ${count(scales.length)} below 0.01 (${percent(dead / scales.length, 0)})`;
  return (
    <figure className={styles.scales}>
      <figcaption>
        <h3>BN scale |γ|</h3>
        <span className="quiet">{words}</span>
      </figcaption>
      <svg viewBox={`0 0 ${BINS} 100`} preserveAspectRatio="none" role="img" aria-label={words}>
        {[...counts].map((n, bin) => {
          const height = n === 0 ? 0 : Math.max(2, (96 * n) / most);
          // oxlint-disable-next-line react/no-array-index-key -- a bin is its place
          return <rect key={bin} x={bin + 0.05} y={100 - height} width={0.9} height={height} />;
        })}
      </svg>
      <div className={styles.axis} aria-hidden="true">
        {decades(axis).map((power) => (
          <span key={power} style={{ left: `${placeOf(10 ** power, axis) * 100}%` }}>
            {String(10 ** power)}
          </span>
        ))}
      </div>
    </figure>
  );
}
