/**
 * @file Measures one work: every entrant is opened, checked to compute the same as the others, warmed up,
 * and then all run in turn, round after round, in an order that is turned around each time.
 */
import type { OpenPeer, Ready } from "./peer.ts";
import { waitForQuiet } from "./quiet.ts";
import type { Entrant, Work } from "./works.ts";

/** One entrant's share of one round. */
export interface Turn {
  readonly steps: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

export interface Entered {
  readonly entrant: Entrant;
  readonly ready: Ready;
  /** By round. */
  readonly turns: readonly Turn[];
}

export interface Measured {
  readonly work: Work;
  readonly entered: readonly Entered[];
  /** Who is missing, and why. */
  readonly missing: ReadonlyMap<Entrant, string>;
  /** Rounds that began although the machine was busy; nothing when nobody looked. */
  readonly disturbed: number | undefined;
}

export interface Effort {
  readonly rounds: number;
  readonly warmups: number;
  /** An entrant runs as many steps a round as take about so long; 0 is one step. */
  readonly turnMs: number;
  readonly quiet: boolean;
}

export const FULL_EFFORT: Effort = { rounds: 9, warmups: 3, turnMs: 1000, quiet: true };
export const QUICK_EFFORT: Effort = { rounds: 1, warmups: 1, turnMs: 0, quiet: false };

/**
 * How far two peers' answers may lie apart, as a share of the largest logit. Fast convolutions round
 * differently, over up to fifty layers; another network would be off by all of it.
 */
const AGREEMENT = 0.02;

interface Running {
  readonly entrant: Entrant;
  readonly peer: OpenPeer;
  readonly ready: Ready;
  readonly steps: number;
  readonly turns: Turn[];
}

export type Opener = (entrant: Entrant, work: Work) => Promise<OpenPeer>;

/**
 * An entrant that cannot be had, answers something else or breaks down is left out, with the reason.
 * @param open — throws with the reason when there is no such peer here
 */
export async function measure(work: Work, effort: Effort, open: Opener): Promise<Measured> {
  const missing = new Map<Entrant, string>();
  let running: Running[] = [];
  let disturbed = effort.quiet ? 0 : undefined;
  const leaveOut = async ({ entrant, peer }: Running, reason: string): Promise<void> => {
    missing.set(entrant, reason);
    running = running.filter((one) => one.peer !== peer);
    await peer.close().catch(() => undefined);
  };
  for (const entrant of work.entrants) {
    try {
      running.push(await enter(entrant, work, effort, open));
    } catch (error) {
      missing.set(entrant, messageOf(error));
    }
  }
  for (const [one, reason] of disagreeing(running)) await leaveOut(one, reason);
  for (let round = 0; round < effort.rounds; round++) {
    if (disturbed !== undefined && !(await waitForQuiet())) disturbed++;
    const order = round % 2 === 0 ? running : running.toReversed();
    for (const one of order) {
      try {
        one.turns.push(await takeTurn(one.peer, work, one.steps));
      } catch (error) {
        await leaveOut(one, messageOf(error));
      }
    }
  }
  for (const { peer } of running) await peer.close();
  return { work, entered: running, missing, disturbed };
}

async function enter(
  entrant: Entrant,
  work: Work,
  { warmups, turnMs }: Effort,
  open: Opener,
): Promise<Running> {
  const peer = await open(entrant, work);
  try {
    const ready = await peer.init(entrant.load);
    const times = await peer.run(work.kind, warmups);
    const steps = Math.max(1, Math.round(turnMs / Math.min(...times)));
    return { entrant, peer, ready, steps, turns: [] };
  } catch (error) {
    await peer.close().catch(() => undefined);
    throw error;
  }
}

async function takeTurn(peer: OpenPeer, { kind }: Work, steps: number): Promise<Turn> {
  const before = peer.cpuSeconds();
  const times = await peer.run(kind, steps);
  const cpuSeconds = peer.cpuSeconds() - before;
  return { steps, seconds: times.reduce((sum, ms) => sum + ms, 0) / 1000, cpuSeconds };
}

/** Entrants whose answer to the same image is not that of the first one with that network. */
function disagreeing(running: readonly Running[]): ReadonlyMap<Running, string> {
  const found = new Map<Running, string>();
  for (const one of running) {
    const first =
      running.find(({ entrant }) => entrant.load.ratio === one.entrant.load.ratio) ?? one;
    const [theirs, own] = [first.ready.logits, one.ready.logits];
    const scale = Math.max(...theirs.map(Math.abs));
    const apart = Math.max(0, ...theirs.map((value, i) => Math.abs(value - (own[i] ?? NaN))));
    // Not `>`: an answer that is no number is no agreement either.
    if (theirs.length === 0 || apart <= AGREEMENT * scale) continue;
    const share = (apart / scale).toPrecision(2);
    found.set(
      one,
      `answers otherwise than ${first.entrant.label}: ${share} of the largest logit off`,
    );
  }
  return found;
}

/** The line of an error that names the fact: the last one of what a program prints. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split("\n").at(-1) ?? "";
}
