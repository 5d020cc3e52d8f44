/**
 * @file Gives every block its bytes and every place its address, and writes a memory's beginnings:
 * control block, tables and programs. Addresses come in this order:
 *
 *   control | zeros | tables | words of the programs | kept blocks | scratch of each thread | passing
 */
import { invariant, known } from "../../core/index.ts";
import { arrange, roomFor } from "./arena.ts";
import type { Block, Blocks, Place } from "./blocks.ts";
import { CONTROL, CONTROL_BYTES, encode, type Instruction } from "./instructions.ts";
import type { Listing, PlacedInstruction } from "./listing.ts";
import { scratchBytes } from "./scratch.ts";

export interface Linked {
  /** All of the memory. */
  readonly bytes: number;
  /** What passing blocks and scratch take of it. */
  readonly passingBytes: number;
  /** The programs' addresses, in the order of the listings. */
  readonly programs: readonly number[];
  /** The address of a place; of a passing block only while its program runs. */
  readonly addressOf: (place: Place) => number;
  /** Writes control block, tables and programs into fresh memory. */
  readonly install: (buffer: ArrayBufferLike) => void;
}

/** Words that tell how wide a pixel is. */
const WIDTHS = /^(x|y|a|b|dx|dy)Stride$|^(channels|sources|physical|cinPhysical|coutPhysical)$/;

/** Links listings that share one memory and never run at the same time. */
export function link(blocks: Blocks, listings: readonly Listing[], threads: number): Linked {
  const addresses = new Map<Block, number>();
  let end = CONTROL_BYTES;
  const take = (bytes: number): number => {
    const address = end;
    end += roomFor(bytes);
    return address;
  };
  const zeros = take(widestPixel(listings) * 4);
  for (const { block } of blocks.constants) addresses.set(block, take(block.bytes));
  const programs = listings.map(({ instructions }) => take(wordsOf(instructions) * 4));
  for (const block of blocks.kept) addresses.set(block, take(block.bytes));
  const keptEnd = end;
  const perThread = roomFor(scratchOf(listings));
  const scratch = take(perThread * threads);
  const passing = end;
  for (const listing of listings) {
    const lives = [...listing.lives()];
    const stays = lives.map(([{ bytes }, [first, last]]) => ({ bytes, first, last }));
    const arena = arrange(stays);
    lives.forEach(([block], at) => {
      invariant(!addresses.has(block), `${block.name} passes from one program to another`);
      addresses.set(block, passing + (arena.offsets[at] ?? 0));
    });
    end = Math.max(end, passing + arena.bytes);
  }
  const addressOf = ({ block, offset }: Place): number =>
    known(addresses.get(block), `address of ${block.name}`) + offset;
  const words = listings.map(({ instructions }) =>
    encode(instructions.map((instruction) => resolve(instruction, addressOf))),
  );
  return {
    bytes: end,
    passingBytes: end - keptEnd,
    programs,
    addressOf,
    install(buffer) {
      const control = new Int32Array(buffer, 0, CONTROL_BYTES / 4);
      control[CONTROL.zeros] = zeros;
      control[CONTROL.scratch] = scratch;
      control[CONTROL.scratchBytes] = perThread;
      for (const { block, values } of blocks.constants) {
        new Int32Array(buffer, known(addresses.get(block), block.name), values.length).set(values);
      }
      programs.forEach((address, at) => {
        const program = known(words[at], "words");
        new Int32Array(buffer, address, program.length).set(program);
      });
    },
  };
}

function resolve(
  { name, words }: PlacedInstruction,
  addressOf: (place: Place) => number,
): Instruction {
  const resolved = Object.fromEntries(
    Object.entries(words).map(([key, word]) => [
      key,
      typeof word === "number" ? word : addressOf(word),
    ]),
  );
  return { name, words: resolved } as unknown as Instruction;
}

/** Words of a program: opcode and length in front of each instruction's own, and the 0 at the end. */
function wordsOf(instructions: readonly PlacedInstruction[]): number {
  return instructions.reduce((sum, { words }) => sum + Object.keys(words).length + 2, 1);
}

/** The numbers among an instruction's words. */
function numbersOf({ words }: PlacedInstruction): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(words).filter((word): word is [string, number] => typeof word[1] === "number"),
  );
}

function widestPixel(listings: readonly Listing[]): number {
  let widest = 0;
  for (const { instructions } of listings) {
    for (const instruction of instructions) {
      for (const [key, value] of Object.entries(numbersOf(instruction))) {
        if (WIDTHS.test(key)) widest = Math.max(widest, value);
      }
    }
  }
  return widest;
}

function scratchOf(listings: readonly Listing[]): number {
  let most = 0;
  for (const { instructions } of listings) {
    for (const instruction of instructions) {
      most = Math.max(most, scratchBytes(instruction.name, numbersOf(instruction)));
    }
  }
  return most;
}
