/** @file A short exercise for a machine in a browser, the same in a window and in a worker. */
import { CONTROL_BYTES, encode } from "../../runtime/spmd/instructions.ts";
import type { Machine, MachineMemory } from "../../runtime/spmd/machine.ts";

export interface CopyReport {
  readonly description: string;
  readonly note: string;
  /** Copies whose bytes arrived. */
  readonly right: number;
  readonly wrong: number;
  /** What a trap was reported as. */
  readonly trap: string;
}

const PAGE = 65_536;
const COUNT = 999;

/** Many small runs, memory that grows between them, and a trap in the middle. */
export async function tryCopies(machine: Machine): Promise<CopyReport> {
  let [right, wrong] = [0, 0];
  const copy = async (memory: MachineMemory, to: number, first: number): Promise<void> => {
    const words = encode([{ name: "copy", words: { from: 4096, to, count: COUNT } }]);
    new Int32Array(memory.buffer).set(words, CONTROL_BYTES / 4);
    new Int32Array(memory.buffer, 4096, COUNT).forEach((_, i, all) => (all[i] = first + i));
    await memory.run(CONTROL_BYTES);
    const arrived = new Int32Array(memory.buffer, to, COUNT).every((word, i) => word === first + i);
    if (arrived) right += 1;
    else wrong += 1;
  };

  const small = machine.open(PAGE);
  for (let i = 0; i < 100; i++) await copy(small, 32_768, i);
  small.dispose();
  const large = machine.open(50 * PAGE);
  for (let i = 0; i < 100; i++) await copy(large, 49 * PAGE, i);

  new Int32Array(large.buffer).set([9999, 2, 0], CONTROL_BYTES / 4);
  const trap = await large.run(CONTROL_BYTES).then(
    () => "nothing",
    (error: unknown) => String(error),
  );
  for (let i = 0; i < 10; i++) await copy(large, 49 * PAGE, i);
  const { description, note } = machine;
  machine.dispose();
  return { description, note, right, wrong, trap };
}
