/**
 * @file The measured points of the highlighted layer's sensitivity curve, over the sheet's drawing: each says
 * what was measured there, and a press cuts the layer as it was cut for that.
 */
import { useRef, useState, type KeyboardEvent } from "react";
import { useCommands, useSensitivity, useSlider } from "../../state/index.ts";
import { heightOf } from "../charts/draw-rows.ts";
import { isFolded, rowOfLayer } from "../charts/row-layout.ts";
import { count, percent } from "../format.ts";
import { useEscape } from "../parts/use-escape.ts";
import { Refused } from "./Refused.tsx";
import { floorOf, type SheetModel } from "./sheet-scene.ts";
import styles from "./CurvePoints.module.css";

interface CurvePointsProps {
  readonly model: SheetModel;
  /** How many channels of a layer were kept at a measured ratio. */
  readonly keptAlone: (layer: number, ratio: number) => number;
  /** The pointer or the focus has left them, for what it says. */
  readonly onAway: (to: EventTarget | null) => void;
}

const NONE: readonly never[] = [];
/** Beside which arrow a point is. */
const ALONG: Readonly<Record<string, 1 | -1>> = { ArrowLeft: -1, ArrowRight: 1 };

export function CurvePoints({ model, keptAlone, onAway }: CurvePointsProps) {
  const { layers, rows, columns } = model;
  const box = useRef<HTMLDivElement>(null);
  const index = useSlider((state) => state.hovered);
  const layer = layers[index ?? -1];
  const samples = useSensitivity((state) => state.curves.get(layer?.name ?? "") ?? NONE);
  const floor = useSensitivity((state) => floorOf(state.curves));
  const known = useSensitivity((state) => state.base);
  const { keepAsMeasured, hover } = useCommands();
  const [meant, setMeant] = useState<number | null>(null);
  const [problem, setProblem] = useState<{ layer: string; text: string | null } | null>(null);
  const refused = problem?.layer === layer?.name ? (problem?.text ?? null) : null;
  const dismiss = (): void => {
    setProblem(null);
    box.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  };
  useEscape(refused !== null, dismiss);
  const row = rows.rows[rowOfLayer(rows, index)];
  const { curve } = columns;
  if (index === null || layer === undefined || row === undefined || curve === null) return null;
  if (isFolded(row) || layer.isLocked || samples.length === 0) return null;
  const base = known ?? samples[0]?.accuracy ?? 0;
  const frame = { y: row.line / 2, height: row.line, floor };
  const stop = samples.find(({ ratio }) => ratio === meant) ?? samples[0];
  const said = samples.find(({ ratio }) => ratio === meant);
  const words = (ratio: number, accuracy: number): string =>
    `${percent(ratio, 0)} removed: ${percent(accuracy)}, keeps ${count(keptAlone(index, ratio))} of ${count(layer.of)}`;
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = ALONG[event.key];
    const from = samples.findIndex(({ ratio }) => ratio === meant);
    if (step === undefined) return;
    event.preventDefault();
    const buttons = box.current?.querySelectorAll("button");
    buttons?.[Math.min(samples.length - 1, Math.max(0, from + step))]?.focus();
  };
  return (
    <div
      ref={box}
      role="toolbar"
      tabIndex={-1}
      aria-label={`Measured points of ${layer.name}, cut alone`}
      className={styles.points}
      style={{ top: row.top, height: row.line, left: curve.x, width: curve.width }}
      // No channel is pointed at from here.
      onPointerEnter={() => hover(index)}
      onPointerLeave={(event) => {
        setMeant(null);
        // What was refused is read, and dismissed, at the row that it is about.
        if (refused === null) onAway(event.relatedTarget);
      }}
      onBlur={(event) => {
        if (event.currentTarget.contains(event.relatedTarget)) return;
        setMeant(null);
        setProblem(null);
        onAway(event.relatedTarget);
      }}
      onKeyDown={onKeyDown}
    >
      {samples.map((sample) => (
        <button
          key={sample.ratio}
          type="button"
          data-held
          data-meant={sample.ratio === meant}
          tabIndex={sample === stop ? 0 : -1}
          aria-label={`${layer.name} at ${words(sample.ratio, sample.accuracy)}`}
          className={styles.point}
          style={{ left: sample.ratio * curve.width, width: curve.width / 10 }}
          onPointerEnter={() => setMeant(sample.ratio)}
          onFocus={() => setMeant(sample.ratio)}
          onClick={() => {
            const text = keepAsMeasured(layer.name, sample.ratio);
            setProblem({ layer: layer.name, text });
          }}
        >
          <span style={{ top: heightOf(sample.accuracy, base, frame) }} />
        </button>
      ))}
      <Refused text={refused} onDismiss={dismiss} />
      {said !== undefined && refused === null && (
        <p className={styles.tip} aria-hidden="true">
          {words(said.ratio, said.accuracy)}
        </p>
      )}
    </div>
  );
}
