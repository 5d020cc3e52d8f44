/**
 * @file CIFAR-10's binary version (Krizhevsky 2009): records of 3 073 bytes, one label and then
 * 1 024 red, 1 024 green and 1 024 blue pixels in row order. Out come datasets with channels
 * innermost; the planes are woven together here and nowhere else.
 */
import { AppError } from "../../core/index.ts";
import { CIFAR10_CLASSES, countOf, type Dataset } from "../../data/index.ts";
import { at, baseName, showBytes, showCount } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import { CIFAR10_RECORD as RECORD } from "../sniff.ts";

const PLANE = 1024;
const PIXELS = 3 * PLANE;
const SHAPE = [32, 32, 3] as const;
/** Images of the official test set, and of each of the five official training shards. */
const OFFICIAL_COUNT = 10_000;
const OFFICIAL_TRAINING_SHARDS = 5;

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
 * Reads shards that belong together, in any order. `data_batch_*` are training images, `test_batch`
 * is the test set; a shard of another name counts as test images when it has at most 10 000, else as
 * training images, and a note says so. Cost O(bytes), about 0.3 s for all 60 000 images.
 * @param shards — borrowed
 * @throws files/truncated when a size is not whole records, files/bad-label, files/duplicate-name,
 *   files/empty, files/over-limit
 */
export function readCifarShards(shards: readonly CifarShard[]): CifarImages {
  checkNames(shards);
  const notes: string[] = [];
  const roles: Record<Role, CifarShard[]> = { training: [], test: [] };
  let total = 0;
  for (const shard of shards) {
    checkSize(shard);
    total += shard.bytes.length;
    if (total > LIMITS.imageBytes) {
      throw new AppError("files/over-limit", {
        where: shard.name,
        expected: `at most ${showBytes(LIMITS.imageBytes)} of images`,
        found: showBytes(total),
      });
    }
    roles[roleOf(shard, notes)].push(shard);
  }
  const training = readRole("training", roles.training);
  const test = readRole("test", roles.test);
  if (training !== undefined && countOf(training) < OFFICIAL_TRAINING_SHARDS * OFFICIAL_COUNT) {
    notes.push(`${showCount(countOf(training))} of CIFAR-10's 50 000 training images are here`);
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

function checkSize({ name, bytes }: CifarShard): void {
  if (bytes.length === 0) throw new AppError("files/empty", { where: name });
  const rest = bytes.length % RECORD;
  if (rest !== 0) {
    const images = showCount(Math.ceil(bytes.length / RECORD));
    throw new AppError("files/truncated", {
      where: name,
      expected: `a multiple of ${showBytes(RECORD)}, one label and 32 × 32 × 3 pixels an image`,
      found: `${showBytes(bytes.length)}, ${showBytes(RECORD - rest)} short of ${images} images`,
    });
  }
}

function roleOf({ name, bytes }: CifarShard, notes: string[]): Role {
  const base = baseName(name).toLowerCase();
  if (/^data_batch|train/.test(base)) return "training";
  if (/test/.test(base)) return "test";
  const role: Role = bytes.length / RECORD <= OFFICIAL_COUNT ? "test" : "training";
  notes.push(`${baseName(name)} was taken as ${role} images, by its size`);
  return role;
}

function readRole(role: Role, unordered: readonly CifarShard[]): Dataset | undefined {
  if (unordered.length === 0) return undefined;
  const shards = unordered.toSorted((a, b) => byNumber(baseName(a.name), baseName(b.name)));
  const count = shards.reduce((sum, { bytes }) => sum + bytes.length / RECORD, 0);
  const pixels = new Uint8Array(count * PIXELS);
  const labels = new Uint8Array(count);
  let first = 0;
  for (const shard of shards) {
    unpack(shard, pixels.subarray(first * PIXELS), labels.subarray(first));
    first += shard.bytes.length / RECORD;
  }
  const name = nameOf(role, shards, count);
  return { name, classes: CIFAR10_CLASSES, shape: SHAPE, pixels, labels };
}

/** `data_batch_2` before `data_batch_10`, without asking the locale. */
function byNumber(a: string, b: string): number {
  const [x, y] = [a, b].map((name) => Number(/\d+/.exec(name)?.[0] ?? 0)) as [number, number];
  return x - y || (a < b ? -1 : 1);
}

function nameOf(role: Role, shards: readonly CifarShard[], count: number): string {
  const names = shards.map(({ name }) => baseName(name).replace(/\.bin$/, ""));
  const official =
    role === "test"
      ? names.join() === "test_batch" && count === OFFICIAL_COUNT
      : names.join() === "data_batch_1,data_batch_2,data_batch_3,data_batch_4,data_batch_5" &&
        count === OFFICIAL_TRAINING_SHARDS * OFFICIAL_COUNT;
  return official ? `CIFAR-10 ${role}` : `CIFAR-10 ${role} (${names.join(", ")})`;
}

function unpack({ name, bytes }: CifarShard, pixels: Uint8Array, labels: Uint8Array): void {
  const count = bytes.length / RECORD;
  for (let i = 0; i < count; i++) {
    const start = i * RECORD;
    const label = bytes[start] as number;
    if (label >= CIFAR10_CLASSES.length) {
      throw new AppError("files/bad-label", {
        where: at(name, `image ${showCount(i)} at byte ${showCount(start)}`),
        expected: "a label from 0 to 9",
        found: String(label),
      });
    }
    labels[i] = label;
    const red = start + 1;
    let to = i * PIXELS;
    for (let p = red; p < red + PLANE; p++) {
      pixels[to++] = bytes[p] as number;
      pixels[to++] = bytes[p + PLANE] as number;
      pixels[to++] = bytes[p + 2 * PLANE] as number;
    }
  }
}
