/** @file A program being written: instructions whose addresses are still places in blocks. */
import type { Block, Place } from "./blocks.ts";
import type { InstructionName, Words } from "./instructions.ts";

/** A word: a number, or a place that becomes an address. 0 is "left out". */
export type Word = number | Place;

/** The words of one instruction by name. */
export type PlacedWords<N extends InstructionName> = Readonly<Record<keyof Words<N>, Word>>;

/** One instruction before linking. */
export interface PlacedInstruction {
  readonly name: InstructionName;
  readonly words: Readonly<Record<string, Word>>;
}

export class Listing {
  readonly instructions: PlacedInstruction[] = [];
  readonly #held = new Set<Block>();

  emit<N extends InstructionName>(name: N, words: PlacedWords<N>): void {
    this.instructions.push({ name, words });
  }

  /** Lets a passing block live until the program's end, where the host reads it. */
  hold({ block }: Place): void {
    this.#held.add(block);
  }

  /** The instructions, first and last, between which each passing block lives. */
  lives(): ReadonlyMap<Block, readonly [first: number, last: number]> {
    const lives = new Map<Block, [number, number]>();
    this.instructions.forEach(({ words }, at) => {
      for (const word of Object.values(words)) {
        if (typeof word === "number" || word.block.kind !== "passing") continue;
        const life = lives.get(word.block);
        if (life === undefined) lives.set(word.block, [at, at]);
        else life[1] = at;
      }
    });
    for (const block of this.#held) {
      const life = lives.get(block);
      if (life !== undefined) life[1] = this.instructions.length;
    }
    return lives;
  }
}
