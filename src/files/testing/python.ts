/** @file A Python with other people's packages as a witness, where this machine has one. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

export const PYTHON = "/usr/bin/python3";

/** Why code that needs a Python package is not run, or nothing. */
export function whyNoPython(module: string): string | undefined {
  if (!existsSync(PYTHON)) return `no ${PYTHON}`;
  try {
    execFileSync(PYTHON, ["-c", `import ${module}`], { stdio: "ignore" });
    return undefined;
  } catch {
    return `${PYTHON} has no ${module}`;
  }
}

/** The same at the end of a test's title. */
export function notRun(why: string | undefined): string {
  return why === undefined ? "" : ` (not run: ${why})`;
}

const COMPILE = `
import json, sys
for code in json.load(sys.stdin):
    compile(code, "copied", "exec")
`;

/** Reads code as Python does before it runs it. @throws for what is no Python */
export function compilePython(codes: readonly string[]): void {
  execFileSync(PYTHON, ["-c", COMPILE], { input: JSON.stringify(codes), stdio: "pipe" });
}
