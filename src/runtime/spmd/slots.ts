/**
 * @file The memories behind a machine. Engines do not count shared WebAssembly memory as garbage worth
 * collecting (in Node 20, forty dropped ones of 200 MB each were all still there at the end), so none is ever
 * dropped: what is given back is kept, grown where it must be, and handed out again.
 */
import { AppError } from "../../core/index.ts";

const PAGE_BYTES = 65_536;
const MOST_PAGES = 65_536;

/** One WebAssembly memory. Instances of the kernels know it by its number. */
export interface Slot {
  readonly id: number;
  readonly memory: WebAssembly.Memory;
}

export class SlotStore {
  readonly #shared: boolean;
  readonly #free: Slot[] = [];
  /** How many bytes of a slot may be something else than zero. */
  readonly #written = new WeakMap<Slot, number>();
  /** How many of them were asked for last. */
  readonly #asked = new WeakMap<Slot, number>();
  #nextId = 0;

  constructor(shared: boolean) {
    this.#shared = shared;
  }

  /**
   * A slot of at least so many bytes.
   * @param cleared — how many of them are zero, from the first on; the rest may hold anything
   * @throws runtime/out-of-memory
   */
  take(bytes: number, cleared: number): Slot {
    const pages = Math.max(1, Math.ceil(bytes / PAGE_BYTES));
    const slot = this.#reuse(pages) ?? this.#make(pages, bytes);
    const written = this.#written.get(slot) ?? 0;
    new Uint8Array(slot.memory.buffer, 0, Math.min(written, cleared)).fill(0);
    this.#written.set(slot, Math.max(written, pages * PAGE_BYTES));
    this.#asked.set(slot, pages * PAGE_BYTES);
    return slot;
  }

  give(slot: Slot): void {
    this.#free.push(slot);
  }

  /**
   * The same bytes in another memory.
   * @throws runtime/out-of-memory
   */
  copy(slot: Slot): Slot {
    const bytes = this.#asked.get(slot) ?? 0;
    const twin = this.take(bytes, 0);
    new Uint8Array(twin.memory.buffer).set(new Uint8Array(slot.memory.buffer, 0, bytes));
    return twin;
  }

  /** The smallest free one that is large enough, else the largest one, grown. */
  #reuse(pages: number): Slot | undefined {
    this.#free.sort((a, b) => pagesOf(a) - pagesOf(b));
    const fits = this.#free.findIndex((slot) => pagesOf(slot) >= pages);
    const at = fits >= 0 ? fits : this.#free.length - 1;
    const slot = this.#free[at];
    if (slot === undefined) return undefined;
    try {
      if (fits < 0) slot.memory.grow(pages - pagesOf(slot));
    } catch {
      return undefined;
    }
    this.#free.splice(at, 1);
    return slot;
  }

  #make(pages: number, bytes: number): Slot {
    // The room to grow is addresses alone; where even these are scarce, it is left out.
    for (const maximum of [MOST_PAGES, pages]) {
      try {
        const memory = new WebAssembly.Memory({ initial: pages, maximum, shared: this.#shared });
        return { id: this.#nextId++, memory };
      } catch {
        continue;
      }
    }
    throw new AppError("runtime/out-of-memory", {
      where: "the kernels' memory",
      found: `${(bytes / 1e9).toFixed(2)} GB that could not be had`,
    });
  }
}

function pagesOf({ memory }: Slot): number {
  return memory.buffer.byteLength / PAGE_BYTES;
}
