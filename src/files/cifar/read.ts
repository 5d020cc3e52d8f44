/**
 * @file CIFAR's binary versions, shard by shard as they come: each is unpacked at once and forgotten, so
 * that an archive takes no more memory than its images and one shard.
 */
import { AppError } from "../../core/index.ts";
import { countOf, type Dataset } from "../../data/index.ts";
import { baseName, showBytes, showCount } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import { type CifarFormat, formatOf } from "./formats.ts";
import { type Part, Room } from "./room.ts";
import { type CifarShard, weave } from "./weave.ts";

export type { CifarShard } from "./weave.ts";

const SHAPE = [32, 32, 3] as const;
/** Images of the official sets, the same in both. */
const OFFICIAL = { training: 50_000, test: 10_000 } as const;

/** What a set of shards amounts to. */
export interface CifarImages {
  readonly training?: Dataset;
  readonly test?: Dataset;
  readonly notes: readonly string[];
}

type Role = "training" | "test";

/** Parts of each role, and where they are put. */
interface Shelves {
  readonly parts: Readonly<Record<Role, Part[]>>;
  readonly rooms: Readonly<Record<Role, Room>>;
}

/**
 * Takes shards that belong together, in any order. `data_batch_*` and `train` are training images,
 * `test_batch` and `test` are the test set; a shard of another name counts as test images when it has at
 * most 10 000, else as training images, and a note says so. Cost O(bytes), about 0.3 s for all 60 000.
 */
export class CifarReader {
  /** Without `.bin`. */
  readonly #names = new Set<string>();
  readonly #notes: string[] = [];
  #first:
    | { readonly name: string; readonly format: CifarFormat; readonly shelves: Shelves }
    | undefined;
  #total = 0;

  /** The shard that came first; nothing before. */
  get firstName(): string | undefined {
    return this.#first?.name;
  }

  /**
   * Unpacks a shard.
   * @param shard — borrowed
   * @throws files/truncated when a size is not whole records, files/bad-label, files/duplicate-name,
   *   files/empty, files/over-limit, files/bad-field for CIFAR-10 and CIFAR-100 together
   */
  add(shard: CifarShard): void {
    const { name, bytes } = shard;
    const base = baseName(name);
    const title = base.replace(/\.bin$/i, "");
    if (this.#names.has(title)) {
      throw new AppError("files/duplicate-name", { where: name, hint: "drop each shard once" });
    }
    this.#names.add(title);
    const { format, shelves } = this.#sorted(shard, base);
    checkRecords(shard, format);
    this.#total += bytes.length;
    if (this.#total > LIMITS.imageBytes) {
      throw new AppError("files/over-limit", {
        where: name,
        expected: `at most ${showBytes(LIMITS.imageBytes)} of images`,
        found: showBytes(this.#total),
      });
    }
    const role = roleOf(shard, format, this.#notes);
    const count = bytes.length / format.record;
    const part = shelves.rooms[role].partFor(title, count);
    weave(shard, format, part.pixels, part.labels);
    shelves.parts[role].push(part);
  }

  /** All that has come. */
  finish(): CifarImages {
    if (this.#first === undefined) return { notes: [] };
    const { format, shelves } = this.#first;
    const training = finishRole("training", shelves, format);
    const test = finishRole("test", shelves, format);
    if (training !== undefined && countOf(training) < OFFICIAL.training) {
      this.#notes.push(
        `${showCount(countOf(training))} of ${format.name}'s 50 000 training images are here`,
      );
    }
    return {
      ...(training === undefined ? {} : { training }),
      ...(test === undefined ? {} : { test }),
      notes: this.#notes,
    };
  }

  /** The format, which the first shard has settled for all. */
  #sorted({ name, bytes }: CifarShard, base: string) {
    const format = formatOf(base, bytes);
    this.#first ??= { name, format, shelves: shelvesFor(format) };
    if (format === this.#first.format) return this.#first;
    throw new AppError("files/bad-field", {
      where: name,
      expected: `${this.#first.format.name}, as ${this.#first.name} is`,
      found: format.name,
      hint: "drop one set of images at a time",
    });
  }
}

/**
 * Reads shards that are all there already.
 * @throws what {@link CifarReader.add} throws
 */
export function readCifarShards(shards: readonly CifarShard[]): CifarImages {
  const reader = new CifarReader();
  for (const shard of shards) reader.add(shard);
  return reader.finish();
}

function shelvesFor({ official }: CifarFormat): Shelves {
  const room = (role: Role): Room => new Room(OFFICIAL[role], official[role]);
  return {
    parts: { training: [], test: [] },
    rooms: { training: room("training"), test: room("test") },
  };
}

function checkRecords({ name, bytes }: CifarShard, { record, words }: CifarFormat): void {
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

function finishRole(
  role: Role,
  { parts, rooms }: Shelves,
  format: CifarFormat,
): Dataset | undefined {
  if (parts[role].length === 0) return undefined;
  const ordered = parts[role].toSorted((a, b) => byNumber(a.name, b.name));
  const { pixels, labels } = rooms[role].join(ordered);
  const names = ordered.map(({ name }) => name);
  const name = nameOf(role, names, format, labels.length);
  return { name, classes: format.classes, shape: SHAPE, pixels, labels };
}

/** `data_batch_2` before `data_batch_10`, without asking the locale. */
function byNumber(a: string, b: string): number {
  const [x, y] = [a, b].map((name) => Number(/\d+/.exec(name)?.[0] ?? 0)) as [number, number];
  return x - y || (a < b ? -1 : 1);
}

function nameOf(
  role: Role,
  names: readonly string[],
  { name: set, official }: CifarFormat,
  count: number,
): string {
  const isOfficial = names.join() === official[role].join() && count === OFFICIAL[role];
  return isOfficial ? `${set} ${role}` : `${set} ${role} (${names.join(", ")})`;
}
