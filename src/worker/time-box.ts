/**
 * @file Holds a run to the time that it was given. How long a step takes changes while it runs, with the
 * machine's other work and its heat, so the plan is looked at twenty times in the box, and before few steps are
 * left, and the steps that are left are made as many as the time that is left allows. It reads no clock itself.
 */

/** What the box is told when it begins. */
export interface TimeBoxSetup {
  /** How long it is, ms. */
  readonly ms: number;
  /** Milliseconds of it that are gone before the first step. */
  readonly gone: number;
  /** What one step is thought to take, ms. */
  readonly each: number;
  /** What is still to be done after the last step, in steps of that pace; `reserve` may know better later. */
  readonly afterwards: number;
  /** Where a run goes on, and what was planned for the whole of it then. */
  readonly begun?: { readonly step: number; readonly total: number } | undefined;
}

export interface TimeBox {
  /** How many steps to begin with; at least one. Where it goes on, what was planned. */
  readonly steps: number;
  /**
   * @param now — milliseconds since the box began
   * @returns how many steps the whole run should have from now on; nothing where the plan still fits
   */
  replan(step: number, total: number, now: number): number | undefined;
  /** Says what was just seen to be needed after the last step, ms. */
  reserve(ms: number): void;
}

const LOOKS = 20;
/** Every plan is put down with the run; after so many the last one stays. */
const MOST_PLANS = 60;
/** A plan that is so far right stays: every change of it is put down with the run. */
const NEAR = 0.03;
/** What comes after the last step takes at most this share of the box. */
const MOST_AFTERWARDS = 0.5;

export function createTimeBox({ ms, gone, each, afterwards, begun }: TimeBoxSetup): TimeBox {
  let known: number | undefined;
  let seen = { step: begun?.step ?? 0, now: gone };
  let plans = 0;
  const left = (now: number, pace: number): number =>
    ms - now - Math.min(known ?? afterwards * pace, ms * MOST_AFTERWARDS);
  const steps = begun?.total ?? Math.max(1, Math.round(left(gone, each) / each));
  return {
    steps,
    replan: (step, total, now) => {
      // On a machine that has become quick the steps would be over before the next look.
      const isHalf = step - seen.step >= (total - seen.step) / 2;
      const isTime = now - seen.now >= ms / LOOKS;
      // Where a clock is coarse no time seems to pass between two looks, which would be no pace.
      if (step === seen.step || now <= seen.now || plans >= MOST_PLANS || !(isTime || isHalf))
        return undefined;
      const pace = (now - seen.now) / (step - seen.step);
      seen = { step, now };
      const wanted = step + Math.max(1, Math.round(left(now, pace) / pace));
      if (Math.abs(wanted - total) <= NEAR * (total - step)) return undefined;
      plans++;
      return wanted;
    },
    reserve: (ms_) => {
      known = ms_;
    },
  };
}
