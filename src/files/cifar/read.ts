/**
 * @file CIFAR's binary versions: records of one or two labels and then 1 024 red, 1 024 green and 1 024
 * blue pixels in row order. Out come datasets with channels innermost; the planes are woven
 * together here and nowhere else.
 */
import { AppError } from "../../core/index.ts";
import { countOf, type Dataset } from "../../data/index.ts";
import { at, baseName, showBytes, showCount } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import { formatOf, type CifarFormat } from "./formats.ts";

const PLANE = 1024;
const PIXELS = 3 * PLANE;
const SHAPE = [32, 32, 3] as const;
/** Images of the official sets, the same in both. */
const OFFICIAL = { training: 50_000, test: 10_000 } as const;

/** One shard with the name it came under. */
export interface CifarShard {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What a set of shards amounts to. */
export interface CifarImages {
  readonly training?: Dataset;
  readonly test?: Dataset;
  readonly notes: readonly string[];
}

type Role = "training" | "test";

/**
 * Reads shards that belong together, in any order. `data_batch_*` and `train` are training images,
 * `test_batch` and `test` are the test set; a shard of another name counts as test images when it has at most 10 000, else as
 * training images, and a note says so. Cost O(bytes), about 0.3 s for all 60 000 images.
 * @param shards — borrowed
 * @throws files/truncated when a size is not whole records, files/bad-label, files/duplicate-name,
 *   files/empty, files/over-limit, files/bad-field for CIFAR-10 and CIFAR-100 together
 */
export function readCifarShards(shards: readonly CifarShard[]): CifarImages {
  checkNames(shards);
  const format = commonFormat(shards);
  const notes: string[] = [];
  const roles: Record<Role, CifarShard[]> = { training: [], test: [] };
  let total = 0;
  for (const shard of shards) {
    checkSize(shard, format);
    total += shard.bytes.length;
    if (total > LIMITS.imageBytes) {
      throw new AppError("files/over-limit", {
        where: shard.name,
        expected: `at most ${showBytes(LIMITS.imageBytes)} of images`,
        found: showBytes(total),
      });
    }
    roles[roleOf(shard, format, notes)].push(shard);
  }
  const training = readRole("training", roles.training, format);
  const test = readRole("test", roles.test, format);
  if (training !== undefined && countOf(training) < OFFICIAL.training) {
    notes.push(
      `${showCount(countOf(training))} of ${format.name}'s 50 000 training images are here`,
    );
  }
  return {
    ...(training === undefined ? {} : { training }),
    ...(test === undefined ? {} : { test }),
    notes,
  };
}

function checkNames(shards: readonly CifarShard[]): void {
  const names = new Set<string>();
  for (const { name } of shards) {
    if (names.has(baseName(name))) {
      throw new AppError("files/duplicate-name", {
        where: name,
        hint: "drop each shard once",
      });
    }
    names.add(baseName(name));
  }
}

/** The format of all of them. */
function commonFormat(shards: readonly CifarShard[]): CifarFormat {
  const formats = shards.map(({ name, bytes }) => formatOf(baseName(name), bytes));
  const [first = formatOf("", new Uint8Array())] = formats;
  const other = formats.findIndex((format) => format !== first);
  if (other < 0) return first;
  throw new AppError("files/bad-field", {
    where: shards[other]?.name ?? "",
    expected: `${first.name}, as ${shards[0]?.name ?? ""} is`,
    found: formats[other]?.name ?? "",
    hint: "drop one set of images at a time",
  });
}

function checkSize({ name, bytes }: CifarShard, { record, words }: CifarFormat): void {
  if (bytes.length === 0) throw new AppError("files/empty", { where: name });
  const rest = bytes.length % record;
  if (rest !== 0) {
    const images = showCount(Math.ceil(bytes.length / record));
    throw new AppError("files/truncated", {
      where: name,
      expected: `a multiple of ${showBytes(record)}, ${words}`,
      found: `${showBytes(bytes.length)}, ${showBytes(record - rest)} short of ${images} images`,
    });
  }
}

function roleOf({ name, bytes }: CifarShard, { record }: CifarFormat, notes: string[]): Role {
  const base = baseName(name).toLowerCase();
  if (/^data_batch|train/.test(base)) return "training";
  if (/test/.test(base)) return "test";
  const role: Role = bytes.length / record <= OFFICIAL.test ? "test" : "training";
  notes.push(`${baseName(name)} was taken as ${role} images, by its size`);
  return role;
}

function readRole(
  role: Role,
  unordered: readonly CifarShard[],
  format: CifarFormat,
): Dataset | undefined {
  if (unordered.length === 0) return undefined;
  const shards = unordered.toSorted((a, b) => byNumber(baseName(a.name), baseName(b.name)));
  const count = shards.reduce((sum, { bytes }) => sum + bytes.length / format.record, 0);
  const pixels = new Uint8Array(count * PIXELS);
  const labels = new Uint8Array(count);
  let first = 0;
  for (const shard of shards) {
    unpack(shard, format, pixels.subarray(first * PIXELS), labels.subarray(first));
    first += shard.bytes.length / format.record;
  }
  const name = nameOf(role, shards, format, count);
  return { name, classes: format.classes, shape: SHAPE, pixels, labels };
}

/** `data_batch_2` before `data_batch_10`, without asking the locale. */
function byNumber(a: string, b: string): number {
  const [x, y] = [a, b].map((name) => Number(/\d+/.exec(name)?.[0] ?? 0)) as [number, number];
  return x - y || (a < b ? -1 : 1);
}

function nameOf(
  role: Role,
  shards: readonly CifarShard[],
  { name: set, official }: CifarFormat,
  count: number,
): string {
  const names = shards.map(({ name }) => baseName(name).replace(/\.bin$/, ""));
  const isOfficial = names.join() === official[role].join() && count === OFFICIAL[role];
  return isOfficial ? `${set} ${role}` : `${set} ${role} (${names.join(", ")})`;
}

function unpack(
  { name, bytes }: CifarShard,
  { record, labelAt, pixelsAt, classes }: CifarFormat,
  pixels: Uint8Array,
  labels: Uint8Array,
): void {
  const count = bytes.length / record;
  for (let i = 0; i < count; i++) {
    const start = i * record;
    const label = bytes[start + labelAt] as number;
    if (label >= classes.length) {
      throw new AppError("files/bad-label", {
        where: at(name, `image ${showCount(i)} at byte ${showCount(start)}`),
        expected: `a label from 0 to ${classes.length - 1}`,
        found: String(label),
      });
    }
    labels[i] = label;
    const red = start + pixelsAt;
    let to = i * PIXELS;
    for (let p = red; p < red + PLANE; p++) {
      pixels[to++] = bytes[p] as number;
      pixels[to++] = bytes[p + PLANE] as number;
      pixels[to++] = bytes[p + 2 * PLANE] as number;
    }
  }
}
