/**
 * @file The lines of protocol 0, in which Python writes numbers and texts as people read them. A line is
 * short by the reader's cap and a number by its pattern, so that no conversion takes long.
 */
import { narrow, type PickleReader } from "./pickle-reader.ts";

/** Protocol 0 writes truth as `01` and `00`. */
export function parseIntLine(reader: PickleReader): number | bigint | boolean {
  const text = reader.line();
  return text === "01" || text === "00" ? text === "01" : parseInteger(reader, text);
}

/** Up to 38 digits: no more than fit sixteen bytes. */
export function parseInteger(reader: PickleReader, text: string): number | bigint {
  if (/^-?\d{1,38}$/.test(text)) return narrow(BigInt(text));
  throw reader.refuse("files/bad-field", "a whole number", text);
}

const PYTHON_FLOATS: ReadonlyMap<string, number> = new Map([
  ["nan", NaN],
  ["inf", Infinity],
  ["-inf", -Infinity],
]);

/** Python's `repr` of a float. */
export function parseFloatLine(reader: PickleReader): number {
  const text = reader.line();
  const special = PYTHON_FLOATS.get(text);
  if (special !== undefined) return special;
  if (/^-?\d[\d.e+-]{0,40}$/.test(text) && !Number.isNaN(Number(text))) return Number(text);
  throw reader.refuse("files/bad-field", "a number", text);
}

/** Python's `repr` of a text: quotes around it, `\n`, `\x0a` and the like in it. */
export function parseQuoted(reader: PickleReader): string {
  const text = reader.line();
  const quote = text[0];
  if (text.length < 2 || (quote !== "'" && quote !== '"') || text.at(-1) !== quote) {
    throw reader.refuse("files/bad-field", "a quoted text", text);
  }
  return text
    .slice(1, -1)
    .replace(/\\(?:x([\da-f]{2})|([^]))/g, (_, hex: string | undefined, char: string) =>
      hex === undefined ? (ESCAPES.get(char) ?? char) : String.fromCharCode(parseInt(hex, 16)),
    );
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

/** Python's raw-unicode-escape: latin1 with `\u20ac` and `\U0001f600` for what is beyond. */
export function parseEscaped(reader: PickleReader): string {
  return reader
    .line()
    .replace(/\\u([\da-fA-F]{4})|\\U(00[01][\da-fA-F]{5})/g, (_, short?: string, long?: string) =>
      String.fromCodePoint(Math.min(parseInt(short ?? long ?? "", 16), 0x10ffff)),
    );
}
