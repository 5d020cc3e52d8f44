/**
 * @file What a damaged file may cost whoever opens it: two seconds of the processor, and
 * three times its bytes and 64 MB of memory at the peak. The processor's time is the process' own, since
 * a machine may be busy with other things. Memory is glanced at with every mutant, and looked at closely,
 * behind a collection of rubbish, only where much seemed to be taken; how often is bounded, so that a
 * machine whose figures mean nothing is told of, and not waited for.
 */
import { collectRubbish, peakGrowth } from "./memory.ts";

/** For files of at most a megabyte, and these are smaller. */
export const MOST_PROCESSOR_MS = 2000;
const FREE_BYTES = 64 * 1024 * 1024;
const TIMES_INPUT = 3;
/** A bound is broken when it is broken again: the first use of something may fetch and compile it. */
const LOOKS = 3;
/** The share of what it may take that makes a mutant suspect: rubbish that went meanwhile hides the rest. */
const SUSPECT_SHARE = 0.5;
/** Mutants that may be suspect for nothing: some at the start, and one in so many later. */
const FREE_SUSPICIONS = 20;
const MUTANTS_A_SUSPICION = 50;

/** What came of one mutant. */
export interface Opened {
  /** Or the text of a finding. */
  readonly code: string;
  /** Of all files that were dropped. */
  readonly bytes: number;
}

export type Open = (number: number) => Promise<Opened>;

/** Hears of a mutant that costs too much. */
export type OnCostly = (number: number, text: string) => void;

/** Milliseconds of the processor that this process has had, all its threads together. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * Opens mutants as `open` does, and tells of each that costs too much.
 * @param grow — bytes by which work grows the process
 */
export function checkCosts(open: Open, onCostly: OnCostly, grow = peakGrowth): Open {
  let [mutants, suspicions, isBlind] = [0, 0, false];
  return async (number) => {
    mutants++;
    if (isBlind) return checkTime(number, open, onCostly);
    let opened: Opened = { code: "", bytes: 0 };
    const growth = await grow(async () => {
      opened = await checkTime(number, open, onCostly);
    });
    if (growth <= SUSPECT_SHARE * boundFor(opened.bytes)) return opened;
    if (await takesMuch(number, open, onCostly, grow)) return opened;
    isBlind = ++suspicions > FREE_SUSPICIONS + mutants / MUTANTS_A_SUSPICION;
    if (isBlind) onCostly(number, blindness(suspicions, mutants));
    return opened;
  };
}

/**
 * Opens a mutant; again, when it took too long at first: what an engine compiles meanwhile is no fault of
 * the mutant's.
 */
export async function checkTime(
  number: number,
  open: Open,
  onCostly: OnCostly,
  most = MOST_PROCESSOR_MS,
): Promise<Opened> {
  let least = Infinity;
  for (let look = 0; ; look++) {
    const start = processorMs();
    const opened = await open(number);
    least = Math.min(least, processorMs() - start);
    if (least <= most) return opened;
    if (look + 1 < LOOKS) continue;
    onCostly(number, `ran for ${Math.round(least)} ms, and may for ${most}`);
    return opened;
  }
}

/** Opens a suspect again, alone, and tells when it takes more than it may each time. */
async function takesMuch(
  number: number,
  open: Open,
  onCostly: OnCostly,
  grow: typeof peakGrowth,
): Promise<boolean> {
  let [least, bytes] = [Infinity, 0];
  for (let look = 0; look < LOOKS; look++) {
    collectRubbish();
    const growth = await grow(async () => void ({ bytes } = await open(number)));
    least = Math.min(least, growth);
    if (least <= boundFor(bytes)) return false;
  }
  onCostly(number, `took ${megabytes(least)} for files of ${megabytes(bytes)}`);
  return true;
}

const boundFor = (bytes: number): number => FREE_BYTES + TIMES_INPUT * bytes;

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MB`;

const blindness = (suspicions: number, mutants: number): string =>
  `${suspicions} of ${mutants} mutants seemed to take much memory, and took little when they were opened ` +
  "again: this machine's figures of memory mean nothing, and are no longer looked at";
