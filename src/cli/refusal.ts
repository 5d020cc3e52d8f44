/** @file Refusals that only the command line makes. */
import { AppError, type ErrorFacts } from "../core/index.ts";

/** An argument that is missing, unknown or out of place. */
export function badArgument(
  where: string,
  facts: Omit<ErrorFacts, "where" | "cause"> = {},
): AppError {
  return new AppError("cli/bad-argument", { where, ...facts });
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "no permission",
  EPERM: "no permission",
  EROFS: "a read-only disk",
  ENOSPC: "no space left on the disk",
  EDQUOT: "no space left on the disk",
  ENOENT: "no such file or folder",
  ENOTDIR: "a file where a folder is needed",
  EISDIR: "a folder where a file is needed",
  EEXIST: "a file where a folder is needed",
  EMFILE: "too many open files",
};

/** What the system said, in words. */
export function systemReason(error: unknown): string {
  const code = systemCode(error);
  return REASONS[code] ?? (code === "" ? "an unknown failure" : code);
}

/** `ENOENT` and its kin, or nothing. */
export function systemCode(error: unknown): string {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "";
}
