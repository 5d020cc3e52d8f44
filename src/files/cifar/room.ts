/**
 * @file Where unpacked shards lie until all have come. The shards of an official training set have their
 * places in one array from the start, so that the whole set is never there twice.
 */
import { PIXELS } from "./weave.ts";

/** Images of one shard, unpacked. */
export interface Part {
  /** Without `.bin`. */
  readonly name: string;
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

/** Room for a set of so many images in so many equal shards; memory is only taken by what is written. */
export class Room {
  readonly #images: number;
  readonly #shards: readonly string[];
  readonly #given = new Set<number>();
  #whole: Part | undefined;

  /** @param shards — their names, in order */
  constructor(images: number, shards: readonly string[]) {
    this.#images = images;
    this.#shards = shards;
  }

  /** Somewhere to unpack a shard to. */
  partFor(name: string, count: number): Part {
    const each = this.#images / this.#shards.length;
    const index = count === each ? this.#shards.indexOf(name) : -1;
    // A place is given once: the next of that name would be written over the first.
    if (index < 0 || this.#given.has(index)) return empty(name, count);
    this.#given.add(index);
    this.#whole ??= empty("", this.#images);
    const { pixels, labels } = this.#whole;
    return {
      name,
      pixels: pixels.subarray(index * each * PIXELS, (index + 1) * each * PIXELS),
      labels: labels.subarray(index * each, (index + 1) * each),
    };
  }

  /** All parts one after the other: the room itself when each of its places is among them, else a copy. */
  join(parts: readonly Part[]): Omit<Part, "name"> {
    const whole = this.#whole;
    const places = parts.filter(({ pixels }) => pixels.buffer === whole?.pixels.buffer);
    const distinct = new Set(places.map(({ pixels }) => pixels.byteOffset));
    const isFull = parts.length === distinct.size && distinct.size === this.#shards.length;
    if (whole !== undefined && isFull) return whole;
    const joined = empty(
      "",
      parts.reduce((sum, { labels }) => sum + labels.length, 0),
    );
    let first = 0;
    for (const { pixels, labels } of parts) {
      joined.pixels.set(pixels, first * PIXELS);
      joined.labels.set(labels, first);
      first += labels.length;
    }
    return joined;
  }
}

function empty(name: string, count: number): Part {
  return { name, pixels: new Uint8Array(count * PIXELS), labels: new Uint8Array(count) };
}
