/**
 * @file The marks below the slider: up to where a cut is free, and from where a guard holds. Both are of
 * the method's own scores and lines, and each says what it means.
 */
import { useMethod, type Pruning, type SafeMarks } from "../../state/index.ts";
import { percentValue, THIN } from "../format.ts";
import { Explained } from "../parts/Explained.tsx";
import { gapMeaning, guardMeaning } from "../parts/meanings.ts";
import { useMedia } from "../parts/use-media.ts";
import styles from "./RatioControl.module.css";

/** Two labels nearer to each other than this would run into each other. */
const APART = 0.24;
/** Nearer to the start than this a label needs the room of the 0. */
const ROOM = 0.15;

type Figures = SafeMarks & Pick<Pruning, "pools">;

interface MarksProps extends Figures {
  /** Ticks alone: their words stand above the slider. */
  readonly isBare: boolean;
}

export function Marks({ gap, guard, pools, isBare }: MarksProps) {
  const isClose = gap !== null && Math.abs(guard - gap) < APART;
  const label = (at: number, side: "left" | "middle" | "right") => ({
    className: styles.mark,
    style: { left: `${at * 100}%`, transform: placed(at, side) },
  });
  return (
    <div className={styles.marks}>
      {!isBare && [gap, guard].every((at) => at === null || at >= ROOM) && (
        <span className={styles.mark} style={{ left: 0, transform: "none" }} aria-hidden="true">
          0
        </span>
      )}
      {gap !== null && (
        <>
          <i className={styles.tick} style={{ left: `${gap * 100}%` }} />
          {!isBare && (
            <span {...label(gap, isClose ? "left" : "middle")}>
              <GapWord gap={gap} pools={pools} />
            </span>
          )}
        </>
      )}
      {guard < 1 && (
        <>
          <i className={styles.guard} style={{ left: `${guard * 100}%` }} />
          {!isBare && (
            <span {...label(guard, isClose ? "right" : "middle")}>
              <GuardWord guard={guard} />
            </span>
          )}
        </>
      )}
    </div>
  );
}

/** The same in a line, where the slider is at the bottom of the window: no axis says what they are of. */
export function MarkWords({ gap, guard, pools }: Figures) {
  const isRoomy = useMedia("(min-width: 900px)");
  return (
    <p className={styles.markWords}>
      {gap !== null && <GapWord gap={gap} pools={pools} hasUnit={isRoomy} />}
      {guard < 1 && <GuardWord guard={guard} hasUnit={isRoomy} />}
    </p>
  );
}

interface WordProps {
  /** Whether its unit is seen. */
  readonly hasUnit?: boolean;
}

interface GapWordProps extends WordProps {
  readonly gap: number;
  readonly pools: number;
}

function GapWord({ gap, pools, hasUnit = false }: GapWordProps) {
  return (
    <Explained meaning={gapMeaning({ gap, pools })}>
      gap {percentValue(gap, 1, true)}
      <PerCent isSeen={hasUnit} />
    </Explained>
  );
}

function GuardWord({ guard, hasUnit = false }: WordProps & { readonly guard: number }) {
  const least = useMethod((state) => state.method.options.minimumShare ?? 0);
  return (
    <Explained meaning={guardMeaning({ guard, least })} position="bottom-end">
      guard {percentValue(guard, 0)}
      <PerCent isSeen={hasUnit} />
    </Explained>
  );
}

/** Where there is an axis, it says it to the eye. */
function PerCent({ isSeen }: { readonly isSeen: boolean }) {
  if (isSeen) return `${THIN}%`;
  return <span className="visually-hidden"> per cent</span>;
}

/** Beside its tick, and never beyond the slider's ends. */
function placed(at: number, side: "left" | "middle" | "right"): string {
  if (side === "left" && at > 0.25) return "translateX(-80%)";
  if (at < 0.08) return `translateX(${side === "left" ? 16 : 0}px)`;
  if (at > 0.88) return "translateX(-85%)";
  return side === "right" ? "translateX(4px)" : "translateX(-50%)";
}
