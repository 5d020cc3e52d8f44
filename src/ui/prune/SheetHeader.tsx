/** @file The sheet's headings and its total row, placed by the same columns as the rows. */
import { useRef } from "react";
import {
  largestOf,
  positionName,
  shownOf,
  useMethod,
  usePage,
  useWorkbench,
} from "../../state/index.ts";
import { leafTones } from "../charts/ink.ts";
import type { Columns } from "../charts/row-layout.ts";
import { count, percent } from "../format.ts";
import { Term } from "../parts/Explained.tsx";
import { setText, useFrame } from "../parts/use-frame.ts";
import { HoldUncut } from "./HoldUncut.tsx";
import { SensitivityAction, SensitivityHead } from "./SensitivityAction.tsx";
import styles from "./SheetHeader.module.css";

interface HeaderProps {
  readonly columns: Columns;
  readonly each: number;
  readonly isWide: boolean;
}

export function SheetHeader({ columns, each, isWide }: HeaderProps) {
  const input = usePage((state) => state.session?.input);
  const isByScale = useMethod(({ method }) => method.criterion.startsWith("bn-scale"));
  const leaf = each === 1 ? "a leaf per channel" : `a leaf per ${each} channels`;
  const { wires, bar, curve, within } = columns;
  return (
    <div className={styles.header} data-narrow={bar === null}>
      <div className={styles.trellisHead} style={{ width: wires.x + wires.width }}>
        {bar !== null && <h2>Trellis</h2>}
        {isWide && bar !== null && wires.x + wires.width >= ROOM && (
          <>
            <Legend of={isByScale ? "|γ|" : "score"} />
            <HoldUncut />
          </>
        )}
      </div>
      {bar !== null && (
        <p className={`quiet ${styles.caption ?? ""}`}>
          a wire per layer, {leaf}, by{" "}
          {isByScale ? <Term of="gamma">|γ|</Term> : <Term of="criterion">score</Term>}
          {wires.x + wires.width >= ROOMY && ", the highest at the trunk"}
        </p>
      )}
      {bar !== null && (
        <div className={styles.head} style={{ left: bar.x }}>
          <h2>Kept</h2>
          {bar.width > 80 && <p className="quiet">channels of each layer</p>}
        </div>
      )}
      {curve !== null && within !== null && (
        <div
          className={styles.head}
          data-home="sensitivity-title"
          style={{ left: curve.x, width: within.x + within.width - curve.x }}
        >
          <h2 id="sensitivity-title" tabIndex={-1}>
            <Term of="sensitivity" position="bottom-end">
              Sensitivity
            </Term>
          </h2>
          <SensitivityAction />
          <SensitivityHead />
        </div>
      )}
      <p className={styles.ground} style={{ left: wires.x, width: wires.width }}>
        image, {input?.at(-1) ?? 3} channels
      </p>
    </div>
  );
}

/** From here on there is room for the legend beside the heading, CSS pixels. */
const ROOM = 400;

/** From here on the whole caption stands in one line, CSS pixels. */
const ROOMY = 520;

const TONES = leafTones("var(--leaf-low)", "var(--leaf-high)");
/** A leaf of each second tone, from the lowest score up: where it stands, and its size. */
const RAMP = [0, 2, 4, 6].map((tone, i) => ({
  tone: TONES[tone + (i === 3 ? 1 : 0)],
  x: [0, 6, 14, 24][i],
  size: 0.4 + 0.2 * i,
}));

/** What kept and removed look like, and how a leaf says its score. */
function Legend({ of }: { readonly of: string }) {
  return (
    <p className={styles.legend} aria-hidden="true">
      <svg width="38" height="12" viewBox="0 0 38 12">
        {RAMP.map(({ tone, x, size }) => (
          <path
            key={size}
            d="M1.5 11C1 5 4 1 12.5 1C13.5 8 8 11.5 1.5 11Z"
            transform={`translate(${x} ${12 - 12 * size}) scale(${size})`}
            style={{ fill: tone }}
          />
        ))}
      </svg>
      kept, low to high {of}
      <svg width="28" height="12" viewBox="0 0 28 12" className={styles.twig}>
        <path
          d="M0 6H28M4 6l3-3M10 6l3 3M16 6l3-3M22 6l3 3"
          stroke="var(--clay)"
          strokeWidth="1.1"
          fill="none"
        />
      </svg>
      removed
    </p>
  );
}

interface FooterProps {
  readonly columns: Columns;
  readonly classes: number;
  /** Channels of all layers. */
  readonly total: number;
  /** The same before anything was cut. */
  readonly whole: number;
}

export function SheetFooter({ columns, classes, total, whole }: FooterProps) {
  const { slider, measured, page, method } = useWorkbench();
  const kept = useRef<HTMLElement>(null);
  const accuracy = useRef<HTMLElement>(null);
  const keptText = (): string => count(total - (shownOf(slider.getState()).preview?.removed ?? 0));
  useFrame(
    [slider, measured, page],
    () => {
      const { ratio } = shownOf(slider.getState());
      setText(kept.current, keptText());
      const key = page.getState().session?.key ?? "";
      const name = positionName({ key, method: method.getState().text, ratio });
      const found = largestOf(measured.getState(), name);
      // No dash before it: the words would be said to have moved.
      setText(accuracy.current, found === undefined ? "" : percent(found.accuracy));
    },
    "odd",
  );
  const { wires, bar, count: counts, curve } = columns;
  return (
    <div className={styles.footer}>
      <p className={styles.ground} style={{ left: wires.x, width: wires.width }}>
        {count(classes)} classes
      </p>
      {bar !== null && (
        <p className={styles.total} style={{ left: bar.x }}>
          All layers
        </p>
      )}
      <p className={styles.sum} style={{ left: counts.x - 20, width: counts.width + 20 }}>
        {/* Painted too late, it would move what follows it. */}
        <b ref={kept}>{keptText()}</b>
        {` / ${count(whole)}`}
      </p>
      {curve !== null && (
        <p className={styles.total} style={{ left: curve.x, right: 0 }}>
          <Term of="together" position="top-end">
            Cut together
          </Term>{" "}
          <b ref={accuracy} />
        </p>
      )}
    </div>
  );
}
