/** @file Processor time of a process with all that it started, from Linux' /proc. */
import { readFileSync, readdirSync } from "node:fs";

/** USER_HZ: what /proc counts in, the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

interface Process {
  readonly parent: number;
  readonly ticks: number;
}

/** Seconds of user and system time so far, ended children included; NaN where there is no /proc. */
export function cpuSecondsOf(root: number): number {
  const processes = readProcesses();
  if (!processes.has(root)) return NaN;
  let ticks = 0;
  for (const [id, own] of processes) {
    if (descends(id, root, processes)) ticks += own.ticks;
  }
  return ticks / TICKS_PER_SECOND;
}

function descends(id: number, root: number, processes: ReadonlyMap<number, Process>): boolean {
  for (let at = id; at > 1; at = processes.get(at)?.parent ?? 0) if (at === root) return true;
  return false;
}

function readProcesses(): ReadonlyMap<number, Process> {
  const processes = new Map<number, Process>();
  for (const name of listProc()) {
    const id = Number(name);
    const stat = Number.isInteger(id) ? readStat(id) : undefined;
    if (stat === undefined) continue;
    // The program's name stands in parentheses and may hold anything; what is behind it is numbers.
    const [, parent, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // User and system time, then those of ended children.
    const ticks = rest.slice(9, 13).reduce((sum, value) => sum + Number(value), 0);
    processes.set(id, { parent: Number(parent), ticks });
  }
  return processes;
}

function listProc(): readonly string[] {
  try {
    return readdirSync("/proc");
  } catch {
    return [];
  }
}

/** Nothing when the process has just ended. */
function readStat(id: number): string | undefined {
  try {
    return readFileSync(`/proc/${id}/stat`, "utf8");
  } catch {
    return undefined;
  }
}
