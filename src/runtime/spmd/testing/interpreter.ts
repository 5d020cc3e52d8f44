/**
 * @file The instruction set in plain JavaScript: a machine without kernels, for tests of what is
 * lowered, and the slow reference that the kernels are held against.
 */
import { invariant } from "../../../core/index.ts";
import { CONTROL, INSTRUCTIONS, OPCODES, type InstructionName } from "../instructions.ts";
import type { Machine, MachineMemory } from "../machine.ts";
import { Bytes, type Given, type Run } from "./bytes.ts";
import { CONVOLUTIONS } from "./interpret-convolutions.ts";
import { INTERPRETED_CURVES } from "./interpret-curves.ts";
import { NORMS } from "./interpret-norms.ts";
import { REST } from "./interpret-rest.ts";

const RUNS: Readonly<Record<InstructionName, Run>> = {
  ...CONVOLUTIONS,
  ...NORMS,
  ...INTERPRETED_CURVES,
  ...REST,
};

const NAMES = new Map<number, InstructionName>(
  Object.entries(OPCODES).map(([name, opcode]) => [opcode, name as InstructionName]),
);

/** Sees an instruction before it runs; what it throws is how the run ends. */
type Watch = (name: InstructionName, words: Given, bytes: Bytes) => void;

/** Runs the program at an address as so many threads would, but for rounding. */
export function interpret(
  buffer: ArrayBufferLike,
  program: number,
  threads: number,
  watch?: Watch,
): void {
  const bytes = new Bytes(buffer);
  for (let at = program / 4; bytes.whole[at] !== 0;) {
    const name = NAMES.get(bytes.whole[at] ?? -1);
    invariant(name !== undefined, `no instruction ${bytes.whole[at]}`);
    const images = bytes.whole[CONTROL.images] ?? 0;
    const words = decode(bytes, name, at + 2);
    watch?.(name, words, bytes);
    RUNS[name](bytes, words, { images, threads });
    at += bytes.whole[at + 1] ?? 0;
  }
}

function decode(bytes: Bytes, name: InstructionName, at: number): Given {
  return Object.fromEntries(
    INSTRUCTIONS[name].map((field: string, position) => {
      const [key = "", kind] = field.split(":");
      const values = kind === "f32" ? bytes.floats : bytes.whole;
      return [key, values[at + position] ?? 0];
    }),
  );
}

export interface InterpreterOptions {
  readonly threads?: number;
  readonly watch?: Watch;
  /** Hears of every memory that is opened. */
  readonly onOpen?: (bytes: number) => void;
}

/** A machine that interprets. */
export function interpreter({ threads = 1, watch, onOpen }: InterpreterOptions = {}): Machine {
  return {
    variant: "single",
    threads,
    description: "interpreter",
    note: "",
    open(bytes): MachineMemory {
      onOpen?.(bytes);
      const buffer = new ArrayBuffer(Math.ceil(bytes / 8) * 8);
      return {
        buffer,
        run: async (program) => {
          // As on threads: whoever asked goes on first.
          await Promise.resolve();
          interpret(buffer, program, threads, watch);
        },
        dispose: () => {},
      };
    },
    dispose: () => {},
  };
}
