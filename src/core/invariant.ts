/**
 * @file The assertion for our own mistakes. Bad input never reaches it: that is an `AppError`.
 */

/**
 * Throws when something that the code guarantees does not hold.
 * @throws Error with `internal:` in front; it is a bug of ours and carries no advice for a person
 */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`internal: ${message}`);
}

/** Unwraps a value that the surrounding logic guarantees to be there. */
export function known<T>(value: T | undefined | null, what: string): T {
  invariant(value !== undefined && value !== null, `${what} is missing`);
  return value;
}
