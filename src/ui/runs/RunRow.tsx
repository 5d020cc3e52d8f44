/** @file One run: its name and recipe, each figure with its change, and what can be done with it. */
import { ActionIcon } from "@mantine/core";
import { Pencil, Pin, X } from "lucide-react";
import { useRef, useState } from "react";
import {
  useCommands,
  useComparing,
  useMeasured,
  usePage,
  useTraining,
  whyKept,
  wholeName,
  type Measure,
  type RunRow as Row,
} from "../../state/index.ts";
import { count, halfWidth, THIN } from "../format.ts";
import { basisOf, changeText, MEASURE_TITLES, valueText } from "./run-words.ts";
import { RunName } from "./RunName.tsx";
import styles from "./Runs.module.css";

interface RunRowProps {
  readonly row: Row;
  readonly measures: readonly Measure[];
  readonly recipe: string;
  /** Only what differs: of all runs but the baseline the changes alone. */
  readonly isBrief: boolean;
  readonly isOnFront: boolean;
  /** It is about to go. */
  readonly onRemove: () => void;
}

export function RunRow({ row, measures, recipe, isBrief, isOnFront, onRemove }: RunRowProps) {
  const { compare } = useCommands();
  const [isTyped, setIsTyped] = useState(false);
  const pencil = useRef<HTMLButtonElement>(null);
  const { id } = row.run;
  const isLit = useComparing((state) => state.lit === id);
  const light = (): void => compare({ lit: id });
  // A row that a pointer leaves must not take the light from another.
  const dim = (): void => {
    if (isLit) compare({ lit: null });
  };
  return (
    <div
      role="row"
      className={styles.row}
      data-shown={row.isShown}
      data-lit={isLit}
      data-heads={isBrief && row.isBaseline}
      onPointerEnter={light}
      onPointerLeave={dim}
      onFocus={light}
      onBlur={dim}
    >
      <RunName
        row={row}
        isOnFront={isOnFront}
        recipe={recipe}
        isTyped={isTyped}
        onType={() => setIsTyped(true)}
        onDone={(isByKey) => {
          setIsTyped(false);
          if (isByKey) pencil.current?.focus();
        }}
      />
      {measures.map((measure) => (
        <FigureCell key={measure} row={row} measure={measure} isBrief={isBrief} />
      ))}
      <div role="cell" className={styles.tools}>
        <PinTool row={row} />
        <ActionIcon
          ref={pencil}
          aria-label={`Rename ${row.name}`}
          title="Rename"
          onClick={() => setIsTyped(true)}
        >
          <Pencil size={14} />
        </ActionIcon>
        <RemoveTool row={row} onRemove={onRemove} />
      </div>
    </div>
  );
}

interface FigureCellProps {
  readonly row: Row;
  readonly measure: Measure;
  readonly isBrief: boolean;
}

function FigureCell({ row, measure, isBrief }: FigureCellProps) {
  const { value, change } = row.figures[measure];
  const { sample } = row;
  const key = wholeName(row.run.session.key);
  const isMeasuring = useMeasured(({ measuring }) => measuring?.name === key);
  // What cannot be compared is said as it is.
  const isChange = isBrief && change !== null;
  const isAccuracy = measure === "accuracy" && sample !== null;
  const images = isChange ? (sample?.shared ?? null) : (sample?.count ?? null);
  const parts = [
    isChange ? "" : changeText(measure, change),
    isAccuracy && images !== null ? `n${THIN}=${THIN}${count(images)}` : "",
    measure === "accuracy" && sample === null ? (isMeasuring ? "measuring" : "not measured") : "",
  ];
  return (
    <div role="cell" className={styles.figure} title={basisOf(measure, row)}>
      <span className={styles.label} aria-hidden="true">
        {MEASURE_TITLES[measure]}
      </span>
      <span className={styles.value}>
        {isChange ? changeText(measure, change) : valueText(measure, value)}
        {isAccuracy && !isChange && <small> ± {halfWidth(sample.interval)}</small>}
      </span>
      <span className={styles.change}>{parts.filter((text) => text !== "").join(", ")}</span>
    </div>
  );
}

/** The baseline stands first by itself. */
function PinTool({ row: { run, name, isBaseline } }: { readonly row: Row }) {
  const { pinRun } = useCommands();
  const isPinned = run.isPinned === true;
  const says = isBaseline
    ? "The baseline stands first"
    : isPinned
      ? "Pinned: stands among the first"
      : "Pin: let it stand among the first";
  return (
    <ActionIcon
      disabled={isBaseline}
      aria-label={`Pin ${name}`}
      aria-pressed={isPinned}
      title={says}
      onClick={() => pinRun(run.id, !isPinned)}
    >
      <Pin size={14} fill={isPinned ? "currentColor" : "none"} />
    </ActionIcon>
  );
}

function RemoveTool({ row: { run, name }, onRemove }: Pick<RunRowProps, "row" | "onRemove">) {
  const { removeRun } = useCommands();
  const trained = useTraining((state) => state.fromRun);
  const reason = usePage((state) => whyKept(state, run, trained));
  return (
    <ActionIcon
      // Still reached by keyboard, since it says why not.
      aria-disabled={reason !== null}
      aria-label={`Remove ${name}`}
      title={reason ?? "Remove"}
      onClick={() => {
        onRemove();
        removeRun(run.id);
      }}
    >
      <X size={14} />
    </ActionIcon>
  );
}
