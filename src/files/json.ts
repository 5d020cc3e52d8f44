/**
 * @file Hostile JSON: capped in size and depth, strict UTF-8, no key twice in one object, then
 * checked against a schema. What comes out is typed; what fails says where, as
 * `model.json › modelTopology › config`.
 */
import * as v from "valibot";
import { AppError, printable } from "../core/index.ts";
import { at, showBytes } from "./bytes.ts";
import { LIMITS } from "./limits.ts";

/**
 * Parses JSON text from bytes.
 * @throws files/over-limit, files/bad-json, files/truncated, files/duplicate-name
 */
export function parseJson(bytes: Uint8Array, where: string): unknown {
  if (bytes.length > LIMITS.jsonBytes) {
    throw new AppError("files/over-limit", {
      where,
      expected: `JSON of at most ${showBytes(LIMITS.jsonBytes)}`,
      found: showBytes(bytes.length),
    });
  }
  return parseJsonText(decodeUtf8(bytes, where), where);
}

/** As {@link parseJson}, for text that came out of JSON itself. */
export function parseJsonText(text: string, where: string): unknown {
  scan(text, where);
  try {
    return JSON.parse(text);
  } catch {
    // The engine's own words differ from browser to browser and quote the file at length.
    throw new AppError("files/bad-json", { where });
  }
}

function decodeUtf8(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new AppError("files/bad-json", {
      where,
      expected: "UTF-8 text",
      found: "bytes that are not",
    });
  }
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Walks the text once for what `JSON.parse` would not say: depth, keys that stand twice (the last
 * would win, silently), and an end that comes too early. It accepts some text that is no JSON.
 */
function scan(text: string, where: string): void {
  // The keys of each open object; nothing for an open list.
  const open: (Set<string> | undefined)[] = [];
  let expectKey = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) {
      const end = endOfString(text, i, where);
      const keys = open[open.length - 1];
      if (expectKey && keys !== undefined) addKey(keys, text.slice(i, end + 1), where);
      expectKey = false;
      i = end;
    } else if (c === OPEN_OBJECT || c === OPEN_LIST) {
      if (open.length === LIMITS.jsonDepth) {
        throw new AppError("files/over-limit", {
          where,
          expected: `JSON nested at most ${LIMITS.jsonDepth} deep`,
          found: "deeper nesting",
        });
      }
      open.push(c === OPEN_OBJECT ? new Set() : undefined);
      expectKey = c === OPEN_OBJECT;
    } else if (c === CLOSE_OBJECT || c === CLOSE_LIST) {
      open.pop();
      expectKey = false;
    } else if (c === COMMA) {
      expectKey = open[open.length - 1] !== undefined;
    } else if (c === COLON) {
      expectKey = false;
    }
  }
  if (open.length > 0) throw cutShort(text, where);
}

/** The index of the closing quote of the string that opens at `start`. */
function endOfString(text: string, start: number, where: string): number {
  for (let i = start + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === BACKSLASH) i++;
    else if (c === QUOTE) return i;
  }
  throw cutShort(text, where);
}

function addKey(keys: Set<string>, quoted: string, where: string): void {
  let key = quoted;
  if (quoted.includes("\\")) {
    // Two spellings of one key are still one key.
    try {
      key = JSON.stringify(JSON.parse(quoted));
    } catch {
      throw new AppError("files/bad-json", { where });
    }
  }
  if (keys.has(key)) {
    throw new AppError("files/duplicate-name", {
      where,
      expected: "every key once",
      found: printable(key),
    });
  }
  keys.add(key);
}

function cutShort(text: string, where: string): AppError {
  return new AppError("files/truncated", {
    where,
    expected: "JSON that closes all its brackets",
    found: `the end after ${showBytes(text.length)}`,
  });
}

/**
 * Checks a parsed value against a schema.
 * @throws files/bad-field naming the first field that is wrong
 */
export function checkJson<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
  where: string,
): v.InferOutput<S> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const keys = (issue.path ?? []).map((item) => printable(String(item.key)));
  throw new AppError("files/bad-field", {
    where: at(where, ...keys),
    ...(issue.expected === null ? {} : { expected: plain(issue.expected) }),
    found: plain(issue.received),
  });
}

/** The schema library's words for values, as a person would say them. */
function plain(words: string): string {
  if (words === "undefined" || words === "null") return "nothing";
  if (words === "NaN") return "no number";
  if (words === "Infinity" || words === "-Infinity") return "a number that is not finite";
  if (words === "never") return "no such field";
  const bound = /^([<>])=(.+)$/.exec(words);
  if (bound !== null) return `${bound[1] === ">" ? "at least" : "at most"} ${bound[2]}`;
  const options = words.replace(/^\((.*)\)$/, "$1").split(" | ");
  const shown =
    options.length > 6 ? [...options.slice(0, 3), `${options.length - 3} others`] : options;
  return shown.join(" or ");
}
