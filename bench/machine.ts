/** @file What every benchmark says about itself: command, machine, and figures with their counts. */
import { readFileSync } from "node:fs";
import { arch, cpus, loadavg, platform, release } from "node:os";

/** The command and the machine that figures belong to, in two lines. */
export function whereLines(name: string): readonly string[] {
  const [first] = cpus();
  const args = process.argv.slice(2).join(" ");
  const [load = 0] = loadavg();
  return [
    `npm run bench -- ${name}${args === "" ? "" : ` ${args}`}`,
    `${first?.model.trim() ?? "unknown processor"}, ${cpus().length} cores, ${memory()}, ` +
      `${platform()} ${release()} ${arch()}, Node ${process.versions.node}, ` +
      `${process.versions["v8"]} V8, load ${load.toFixed(1)} before`,
  ];
}

/** Prints them. */
export function sayWhere(name: string): void {
  console.log(`${whereLines(name).join("\n")}\n`);
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
