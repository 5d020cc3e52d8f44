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
import type { Columns } from "../charts/row-layout.ts";
import { count, percent } from "../format.ts";
import { Term } from "../parts/Explained.tsx";
import { setText, useFrame } from "../parts/use-frame.ts";
import { HoldUncut } from "./HoldUncut.tsx";
import { SensitivityAction, SensitivityHead } from "./SensitivityAction.tsx";
import styles from "./LayerSheet.module.css";

interface HeaderProps {
  readonly columns: Columns;
  readonly each: number;
  readonly isWide: boolean;
}

export function SheetHeader({ columns, each, isWide }: HeaderProps) {
  const input = usePage((state) => state.session?.input);
  const isByScale = useMethod(({ method }) => method.criterion.startsWith("bn-scale"));
  const leaf = each === 1 ? "one leaf a channel" : `one leaf ${each} channels`;
  const { wires, bar, curve, within } = columns;
  return (
    <div className={styles.header} data-narrow={bar === null}>
      <div className={styles.trellisHead} style={{ width: wires.x + wires.width }}>
        {bar !== null && (
          <div>
            <h2>Trellis</h2>
            <p className="quiet">
              one wire a layer, {leaf}, the largest{" "}
              {isByScale ? <Term of="gamma">|γ|</Term> : <Term of="criterion">score</Term>} at the
              trunk
            </p>
          </div>
        )}
        {isWide && bar !== null && bar.width > 80 && (
          <>
            <HoldUncut />
            <Legend />
          </>
        )}
      </div>
      {bar !== null && (
        <div className={styles.head} style={{ left: bar.x }}>
          <h2>Kept</h2>
          {bar.width > 80 && <p className="quiet">channels of each layer</p>}
        </div>
      )}
      {curve !== null && within !== null && (
        <div
          className={styles.head}
          style={{ left: curve.x, width: within.x + within.width - curve.x }}
        >
          <h2>
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

function Legend() {
  return (
    <p className={styles.legend} aria-hidden="true">
      <svg width="14" height="12" viewBox="0 0 14 12">
        <path d="M1.5 11C1 5 4 1 12.5 1C13.5 8 8 11.5 1.5 11Z" fill="var(--leaf)" />
      </svg>
      kept
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
  readonly total: number;
}

export function SheetFooter({ columns, classes, total }: FooterProps) {
  const { slider, measured, page, method } = useWorkbench();
  const kept = useRef<HTMLElement>(null);
  const accuracy = useRef<HTMLElement>(null);
  useFrame([slider, measured, page], () => {
    const { preview, ratio } = shownOf(slider.getState());
    setText(kept.current, count(total - (preview?.removed ?? 0)));
    const key = page.getState().session?.key ?? "";
    const name = positionName({ key, method: method.getState().text, ratio });
    const found = largestOf(measured.getState(), name);
    setText(accuracy.current, found === undefined ? "" : percent(found.accuracy));
  });
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
      <p className={styles.count} style={{ left: counts.x - 20, width: counts.width + 20 }}>
        <b ref={kept} />
        {` / ${count(total)}`}
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
