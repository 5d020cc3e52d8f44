/**
 * @file What is on the page as the end of an address, `#v2=…`, and back: network, step, and of a recipe what
 * says how the network is cut. The text is JSON, deflated, behind a check sum, in letters that
 * no mail program touches. Nothing else is in it: no weights, no images, no place on a disk. What comes
 * back is from outside: its length, its check sum and every field are looked at before anything is done.
 */
import { deflateSync, inflateSync, strFromU8, strToU8 } from "fflate";
import * as v from "valibot";
import { AppError, sha256Of } from "../core/index.ts";
import { hasByHand } from "../prune/index.ts";
import { readBy } from "./allocation.ts";
import { readRecipe } from "./recipe.ts";
import type { RecipeCut } from "./record.ts";

/** The newest version; all before it are read. Version 2 came with layers by hand. */
const VERSION = 2;
/** A link with a hundred layers by hand has two thousand; browsers and mail carry this many. */
const MOST_CHARACTERS = 16_384;
/** What a hostile link may unpack to; more is cut off and then is no JSON. */
const MOST_BYTES = 65_536;
/** In bytes: four letters, by which a link that lost or changed one is told from a whole one. */
const CHECK = 3;
/** A name is for people; the fingerprint says which network it is. */
const MOST_NAME = 80;

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(MOST_NAME));

const NetworkSchema = v.variant("kind", [
  /** By the name of its folder. */
  v.strictObject({ kind: v.literal("shipped"), name }),
  /** By what builds it, such as "vgg16:width=0.25". */
  v.strictObject({ kind: v.literal("architecture"), name }),
  /** A person's own: whoever opens the link is asked for it. */
  v.strictObject({
    kind: v.literal("own"),
    name,
    fingerprint: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits")),
  }),
]);

const LinkSchema = v.strictObject({
  network: NetworkSchema,
  step: v.picklist(["load", "sparse", "prune", "finetune", "export"]),
  criterion: v.unknown(),
  allocation: v.unknown(),
  repair: v.optional(v.unknown()),
  mask: v.optional(v.literal(true)),
});

/** Which network a link is about. */
export type LinkNetwork = v.InferOutput<typeof NetworkSchema>;

export interface Link {
  readonly network: LinkNetwork;
  /** The page's step. */
  readonly step: v.InferOutput<typeof LinkSchema>["step"];
  /** How the network is cut: of it criterion, allocation and what becomes of dead channels count. */
  readonly recipe: RecipeCut;
  /** True where channels are masked and not cut. */
  readonly isMask: boolean;
}

/**
 * The end of an address, from `#` on, of the oldest version that can say it, so that an older page opens
 * what it can.
 * @throws recipe/long-link where it is longer than any page would read
 */
export function writeLink({ network, step, recipe, isMask }: Link): string {
  const { criterion, allocation, repair } = recipe;
  const json = JSON.stringify({
    network: { ...network, name: cleanName(network.name) },
    step,
    criterion,
    allocation,
    ...(repair.dead === undefined ? {} : { repair: { kind: "none", dead: repair.dead } }),
    ...(isMask ? { mask: true } : {}),
  });
  const whole = strToU8(json);
  const body = deflateSync(whole, { level: 9 });
  // Four letters for three bytes.
  const length = Math.ceil(((CHECK + body.length) * 4) / 3);
  if (whole.length > MOST_BYTES || length > MOST_CHARACTERS) {
    throw new AppError("recipe/long-link", {
      where: "link",
      expected: `at most ${MOST_CHARACTERS} characters`,
      found: String(length),
    });
  }
  const letters = toLetters(new Uint8Array([...checkOf(body), ...body]));
  return `#v${hasByHand(allocation) ? VERSION : 1}=${letters}`;
}

/**
 * Reads the end of an address.
 * @returns null for one that is no link of ours
 * @throws recipe/newer-link, recipe/damaged-link, recipe/bad-field, prune/unknown-criterion, prune/bad-option
 */
export function readLink(hash: string): Link | null {
  const [, digits, rest = ""] = /^#v(\d{1,6})(?:(?:=|%3D)(.*))?$/is.exec(hash) ?? [];
  if (digits === undefined) return null;
  const where = `#v${digits}`;
  if (Number(digits) > VERSION) {
    throw new AppError("recipe/newer-link", {
      where,
      expected: `up to version ${VERSION}`,
      found: `version ${digits}`,
    });
  }
  if (Number(digits) < 1) throw damaged(where, `version ${digits}`);
  const { network, step, mask, ...recipe } = readBy(LinkSchema, parse(rest, where), where);
  return {
    network,
    step,
    recipe: readRecipe({ ...WHOLE, ...recipe }, where),
    isMask: mask ?? false,
  };
}

/** The rest of the recipe that a link's parts are read as. */
const WHOLE = {
  version: 1,
  name: "link",
  regularizer: { kind: "none" },
  training: null,
  repair: { kind: "none" },
  schedule: { kind: "one-shot" },
  seed: 1,
};

/** @throws recipe/damaged-link for what is not what was written */
function parse(letters: string, where: string): unknown {
  if (letters === "") throw damaged(where, "nothing behind it");
  if (letters.length > MOST_CHARACTERS) throw damaged(where, `${letters.length} characters`);
  const packed = fromLetters(letters);
  if (packed === null) throw damaged(where, "characters that no link has");
  const body = packed.subarray(CHECK);
  if (!checkOf(body).every((byte, i) => byte === packed[i])) {
    throw damaged(where, "another check sum");
  }
  try {
    return JSON.parse(strFromU8(inflateSync(body, { out: new Uint8Array(MOST_BYTES) })));
  } catch {
    throw damaged(where, "something else packed in it");
  }
}

function damaged(where: string, found: string): AppError {
  return new AppError("recipe/damaged-link", { where, found });
}

function checkOf(bytes: Uint8Array): readonly number[] {
  const hex = sha256Of(bytes);
  return Array.from({ length: CHECK }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

/** The last part of a path, without control characters, of a length for people. */
function cleanName(text: string): string {
  const last = text.split(/[/\\]/).at(-1) ?? "";
  return last.replaceAll(/\p{C}/gu, "").slice(0, MOST_NAME).trim() || "network";
}

function toLetters(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromLetters(letters: string): Uint8Array | null {
  if (!/^[\w-]+$/.test(letters)) return null;
  try {
    const text = atob(letters.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
}
