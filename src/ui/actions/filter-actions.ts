/**
 * @file Finding an action by a few letters of it. A word that starts so counts most, then initials, then
 * letters in a row anywhere, then letters in their order; where it counts the same, the list's own order stays.
 */

/** What is searched. */
export interface Findable {
  readonly title: string;
  /** Words that are not in the title, by which it may be looked for all the same. */
  readonly also?: string | undefined;
}

/** The items in which every word of the query is found, the best first; all of them for no query. */
export function filterActions<T extends Findable>(
  items: readonly T[],
  query: string,
): readonly T[] {
  const words = plain(query)
    .split(" ")
    .filter((word) => word !== "");
  const found = items.flatMap((item) => {
    const rank = rankOf(item, words);
    return rank === null ? [] : [{ item, rank }];
  });
  return found.sort((a, b) => a.rank - b.rank).map(({ item }) => item);
}

/** What only the further words say is behind all that the title says. */
const BEHIND = 10;

/** The sum over the words, the lower the better; null where one is not found. */
function rankOf({ title, also = "" }: Findable, words: readonly string[]): number | null {
  const [own, other] = [plain(title), plain(also)];
  let sum = 0;
  for (const word of words) {
    const inTitle = placeIn(own, word);
    const elsewhere = inTitle === null ? placeIn(other, word) : null;
    if (inTitle === null && elsewhere === null) return null;
    sum += inTitle ?? BEHIND + (elsewhere ?? 0);
  }
  return sum;
}

/** 0 at the start, 1 at a word's start, 2 for initials, 3 for a stretch anywhere, above for letters in order. */
function placeIn(text: string, word: string): number | null {
  if (text.startsWith(word)) return 0;
  if (` ${text}`.includes(` ${word}`)) return 1;
  const initials = text
    .split(" ")
    .map((one) => one[0] ?? "")
    .join("");
  if (word.length > 1 && initials.includes(word)) return 2;
  if (text.includes(word)) return 3;
  const span = spanOf(text, word);
  // Letters strewn over a whole title are no likeness.
  return span === null || span > 3 * word.length ? null : 4 + span / 1000;
}

/** Over how many characters the letters of a word are spread, in their order; null where one is missing. */
function spanOf(text: string, word: string): number | null {
  let best: number | null = null;
  for (let start = text.indexOf(word[0] ?? ""); start >= 0;) {
    let at = start;
    for (let i = 1; i < word.length && at >= 0; i++) at = text.indexOf(word[i] ?? "", at + 1);
    if (at < 0) break;
    best = Math.min(best ?? Infinity, at - start + 1);
    start = text.indexOf(word[0] ?? "", start + 1);
  }
  return best;
}

/** Small letters without accents, one space between words. */
function plain(text: string): string {
  return text
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}%½¼|γ]+/gu, " ")
    .trim();
}
