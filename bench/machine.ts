/** @file What every benchmark says about itself: command, machine, and figures with their counts. */
import { readFileSync } from "node:fs";
import { arch, cpus, loadavg, platform, release } from "node:os";

/** Prints the command and the machine that the figures below belong to. */
export function sayWhere(name: string): void {
  const [first] = cpus();
  const args = process.argv.slice(2).join(" ");
  const [load = 0] = loadavg();
  console.log(`npm run bench -- ${name}${args === "" ? "" : ` ${args}`}`);
  console.log(
    `${first?.model.trim() ?? "unknown processor"}, ${cpus().length} cores, ${memory()}, ` +
      `${platform()} ${release()} ${arch()}, Node ${process.versions.node}, ` +
      `${process.versions["v8"]} V8, load ${load.toFixed(1)} before\n`,
  );
}

function memory(): string {
  try {
    const [, kilobytes = "0"] =
      /MemTotal:\s+(\d+)/.exec(readFileSync("/proc/meminfo", "utf8")) ?? [];
    return `${(Number(kilobytes) / 1e6).toFixed(0)} GB`;
  } catch {
    return "memory unknown";
  }
}

/** The value that a share of the values does not exceed (nearest rank). */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

/**
 * Runs rivals in turn, round after round, so that what else the machine does meets all of them.
 * @returns milliseconds of each rival's last `repeats` runs, by round
 */
export async function takeTurns(
  { warmups, repeats }: { readonly warmups: number; readonly repeats: number },
  rivals: Readonly<Record<string, () => unknown>>,
): Promise<Record<string, number[]>> {
  const times: Record<string, number[]> = {};
  for (let round = 0; round < warmups + repeats; round++) {
    for (const [name, work] of Object.entries(rivals)) {
      const start = performance.now();
      await work();
      if (round >= warmups) (times[name] ??= []).push(performance.now() - start);
    }
  }
  return times;
}

/** `median 1.23 ms, least 1.01, most 2.00, of 9`. */
export function show(times: readonly number[]): string {
  const at = (share: number): string => quantile(times, share).toFixed(2);
  return `median ${at(0.5)} ms, least ${at(0)}, most ${at(1)}, of ${times.length}`;
}
