/**
 * @file Text of strangers inside code that we write. Names of networks, nodes and classes may hold
 * anything: they enter code as literals only, and as literals even where they stand behind a comment
 * sign. U+2028 and U+2029 end a line in JavaScript, so that a comment with one would go on as code;
 * characters that are not seen, or turn the direction of writing, would make code look other than it is.
 */

/** What JSON leaves as it is, though a reader of the code, or of a comment, should not meet it. */
const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** A text as JavaScript and Python write it, which read JSON's strings alike; one line of visible text. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(UNSEEN, (c) =>
    // Beyond 16 bits the two write escapes differently, and there are only tags, which end no line.
    c.length > 1 ? c : `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A list of texts or numbers, likewise. */
export function listed(values: readonly (string | number)[]): string {
  const literals = values.map((value) => (typeof value === "string" ? quoted(value) : value));
  return `[${literals.join(", ")}]`;
}
