/**
 * @file A program for the kernels while it is written. It works on tensors, whose addresses are known,
 * and on blocks of a workspace that has no address yet.
 */
import {
  encode,
  type Instruction,
  type InstructionName,
  type Words,
} from "../../../spmd/instructions.ts";
import { scratchBytes } from "./scratch.ts";

/** Bytes of the workspace. */
export class Block {
  readonly offset: number;

  constructor(offset: number) {
    this.offset = offset;
  }
}

/** A word of an instruction: a number, or a block that becomes its address. 0 is "left out". */
export type Word = number | Block;

type PlacedWords<N extends InstructionName> = Readonly<Record<keyof Words<N>, Word>>;

interface Placed {
  readonly name: InstructionName;
  readonly words: Readonly<Record<string, Word>>;
}

/** Blocks begin at a cache line, and kernels may read a vector behind one's end. */
const LINE = 64;

const linesOf = (bytes: number): number => Math.ceil(bytes / LINE) * LINE;

/** Bytes that `count` floats take in a workspace. */
const roomOf = (count: number): number => linesOf(count * 4) + LINE;

export class Program {
  /** How many images the instructions run over. */
  readonly images: number;
  readonly #instructions: Placed[] = [];
  readonly #tables: { readonly block: Block; readonly values: ArrayLike<number> }[] = [];
  #bytes = 0;
  #scratchBytes = 0;
  #zeroBytes = 0;

  constructor(images: number) {
    this.images = images;
  }

  /** Room for that many floats, holding anything. */
  floats(count: number): Block {
    const block = new Block(this.#bytes);
    this.#bytes += roomOf(count);
    return block;
  }

  /** Whole numbers that kernels look up. */
  table(values: ArrayLike<number>): Block {
    const block = this.floats(values.length);
    this.#tables.push({ block, values });
    return block;
  }

  /** Floats that are known already. */
  constants(values: Float32Array): Block {
    return this.table(new Int32Array(values.buffer, values.byteOffset, values.length));
  }

  emit<N extends InstructionName>(name: N, words: PlacedWords<N>): void {
    this.#instructions.push({ name, words });
    const sizes: Readonly<Record<string, Word>> = words;
    const of = (key: string): number => (typeof sizes[key] === "number" ? sizes[key] : 0);
    this.#scratchBytes = Math.max(this.#scratchBytes, linesOf(scratchBytes(name, of)));
    // A pixel outside the map is read from zeros, with what a vector reads beyond.
    this.#zeroBytes = Math.max(this.#zeroBytes, roomOf(of("channels")));
  }

  /** What the program needs beside its blocks. */
  get needs(): {
    readonly blockBytes: number;
    readonly scratchBytes: number;
    readonly zeroBytes: number;
  } {
    const [blockBytes, wordBytes] = [this.#bytes, this.#wordBytes()];
    return {
      blockBytes: blockBytes + wordBytes,
      scratchBytes: this.#scratchBytes,
      zeroBytes: this.#zeroBytes,
    };
  }

  /**
   * Writes tables and instructions into memory.
   * @param base — address of the blocks
   * @returns address of the instructions
   */
  write(memory: Int32Array, base: number): number {
    for (const { block, values } of this.#tables) memory.set(values, (base + block.offset) / 4);
    const instructions = this.#instructions.map(({ name, words }) => {
      const resolved = Object.entries(words).map(([key, word]): [string, number] => [
        key,
        word instanceof Block ? base + word.offset : word,
      ]);
      return { name, words: Object.fromEntries(resolved) } as Instruction;
    });
    const at = base + this.#bytes;
    memory.set(encode(instructions), at / 4);
    return at;
  }

  /** An opcode and a length for each instruction, its words, and the 0 at the end. */
  #wordBytes(): number {
    const counts = this.#instructions.map(({ words }) => Object.keys(words).length + 2);
    return linesOf((counts.reduce((sum, count) => sum + count, 0) + 1) * 4);
  }
}
