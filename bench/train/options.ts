/** @file What `npm run bench -- train` can be told. */
import { parseArgs } from "node:util";
import { FULL_EFFORT, QUICK_EFFORT, type Effort } from "./rounds.ts";
import { SECTIONS, WORKS, type Section, type Work } from "./works.ts";

const PARTS = [...SECTIONS, "memory"] as const;
type Part = Section | "memory";

export interface Options {
  readonly works: readonly Work[];
  /** The works whose training step's memory is measured. */
  readonly remembered: readonly Work[];
  readonly effort: Effort;
  /** Tables on standard output, progress on standard error. */
  readonly markdown: boolean;
  /** Only serve the page. */
  readonly serve: boolean;
}

/** @throws with a sentence for the person who typed them */
export function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      work: { type: "string" },
      rounds: { type: "string" },
      quick: { type: "boolean", default: false },
      markdown: { type: "boolean", default: false },
      serve: { type: "boolean", default: false },
    },
  });
  const { only, work = "", markdown, serve } = values;
  if (only !== undefined && !isPart(only)) {
    throw new Error(`--only ${only}: there is ${PARTS.join(", ")}`);
  }
  const named = WORKS.filter(({ name }) => name.includes(work));
  const works = named.filter(({ section }) => only === undefined || section === only);
  const trained = named.filter(({ section }) => section === "train");
  const remembered = only === undefined || only === "memory" ? trained : [];
  if (works.length + remembered.length === 0) {
    const names = WORKS.map(({ name }) => `  ${name}`).join("\n");
    throw new Error(`no work is called so; there is\n${names}`);
  }
  const usual = values.quick ? QUICK_EFFORT : FULL_EFFORT;
  const rounds = Number(values.rounds ?? usual.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`--rounds ${values.rounds}: a whole number from 1`);
  }
  return { works, remembered, effort: { ...usual, rounds }, markdown, serve };
}

const isPart = (text: string): text is Part => (PARTS as readonly string[]).includes(text);
