/**
 * @file What went wrong in the set-up, as one sentence with a next step. Known causes (no network, a
 * full disk, a folder that cannot be written, an archive cut short) are recognised here by their
 * error codes; an unknown one is a fault of these scripts and keeps its stack.
 */

/** @typedef {"network" | "disk" | "permission" | "archive" | "browser" | "other"} FailureKind */

/** A failure that a person can do something about. */
export class SetupFailure extends Error {
  /**
   * @param {FailureKind} kind
   * @param {string} what what happened, without a full stop
   * @param {string} next what to do, without a full stop
   * @param {unknown} [cause]
   */
  constructor(kind, what, next, cause) {
    super(`${what}: ${next}.`, { cause });
    this.name = "SetupFailure";
    this.kind = kind;
    this.what = what;
  }
}

const NETWORK_CODES = new Set([
  "EAI_AGAIN",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTCACHED",
  "ENOTFOUND",
  "EPIPE",
  "ERR_SOCKET_TIMEOUT",
  "ETIMEDOUT",
  "FETCH_ERROR",
  "UND_ERR_BODY_TIMEOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_SOCKET",
]);

const CERTIFICATE_CODE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|^ERR_TLS|^EPROTO$/;

/** zlib's codes for an archive that ends too early or holds other bytes than it should. */
const ARCHIVE_CODES = new Set(["Z_BUF_ERROR", "Z_DATA_ERROR", "EINTEGRITY", "TAR_BAD_ARCHIVE"]);

/**
 * Finds the code of an error, or of the error behind it: `fetch` hides the real one in `cause`.
 *
 * @param {unknown} error
 * @returns {string | undefined}
 */
export function codeOf(error) {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    const first = at instanceof AggregateError ? at.errors[0] : undefined;
    const code = /** @type {NodeJS.ErrnoException} */ (first ?? at).code;
    if (typeof code === "string" && code !== "") return code;
  }
  return undefined;
}

/**
 * Turns any error of a step into a failure with a next step. Unknown errors are returned as they are.
 *
 * @param {unknown} error
 * @param {{ doing: string, retry: string }} context `doing` as in "fetching the images", `retry` the
 *   command to run again
 * @returns {unknown}
 */
export function toFailure(error, { doing, retry }) {
  if (error instanceof SetupFailure) return error;
  const code = codeOf(error);
  if (code === undefined) return error;
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new SetupFailure(
      "disk",
      `The disk is full while ${doing} (${code})`,
      `free some space, then run \`${retry}\` again; what was half-written is removed`,
      error,
    );
  }
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    const path = error instanceof Error && "path" in error ? ` ${String(error.path)}` : "";
    return new SetupFailure(
      "permission",
      `While ${doing},${path} could not be written (${code})`,
      `make the folder writable for this user, then run \`${retry}\` again`,
      error,
    );
  }
  if (CERTIFICATE_CODE.test(code)) {
    return new SetupFailure(
      "network",
      `While ${doing}, the server's certificate was not accepted (${code})`,
      `tell npm about your network's certificate (\`npm config set cafile FILE\`), then run \`${retry}\` again`,
      error,
    );
  }
  if (NETWORK_CODES.has(code)) {
    return new SetupFailure(
      "network",
      `The network failed while ${doing} (${code})`,
      `check the connection, npm's registry and proxy settings, then run \`${retry}\` again`,
      error,
    );
  }
  if (ARCHIVE_CODES.has(code)) {
    return new SetupFailure(
      "archive",
      `While ${doing}, an archive arrived cut short or damaged (${code})`,
      `run \`${retry}\` again to fetch it anew`,
      error,
    );
  }
  return error;
}
