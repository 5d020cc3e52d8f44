/**
 * @file Damage to pickles opcode by opcode: taken out, doubled, exchanged, with other arguments, and with
 * those that attack put between them. The lengths of arguments are Python's, from `pickletools`.
 */
import type { Random } from "../../../src/core/index.ts";
import { join } from "../../../src/files/testing/samples.ts";
import { EDGES, type Mutator, pick, writeNumber } from "../mutator.ts";

/** What stands behind an opcode: so many bytes, lines of text, or a count of so many bytes and its bytes. */
type Arguments = number | { readonly lines: number } | { readonly counted: number };

const ARGUMENTS: Readonly<Record<string, Arguments>> = {
  ...Object.fromEntries(Array.from("hqK\x80\x82", (code) => [code, 1])),
  ...Object.fromEntries(Array.from("M\x83", (code) => [code, 2])),
  ...Object.fromEntries(Array.from("jrJ\x84", (code) => [code, 4])),
  ...Object.fromEntries(Array.from("G\x95", (code) => [code, 8])),
  ...Object.fromEntries(Array.from("IFLSVgpP", (code) => [code, { lines: 1 }])),
  ...Object.fromEntries(Array.from("ci", (code) => [code, { lines: 2 }])),
  ...Object.fromEntries(Array.from("UC\x8c\x8a", (code) => [code, { counted: 1 }])),
  ...Object.fromEntries(Array.from("TXB\x8b", (code) => [code, { counted: 4 }])),
  ...Object.fromEntries(Array.from("\x8d\x8e\x96", (code) => [code, { counted: 8 }])),
};

/** Opcodes, whole, that something could be made of. */
const SNIPPETS = [
  "cos\nsystem\n",
  "cposix\nsystem\nX\x02\x00\x00\x00lsR",
  "cbuiltins\neval\n(X\x01\x00\x00\x001tR",
  "c__builtin__\nexec\n",
  "\x8c\x02os\x8c\x06system\x93",
  "ctorch\nFloatStorage\n",
  "ctorch._utils\n_rebuild_tensor_v2\n",
  "ccollections\nOrderedDict\n)R",
  "X\x09\x00\x00\x00__proto__",
  "X\x0b\x00\x00\x00constructor",
  ...Array.from("0.()]}eRabdhlostu2QN\x85\x86\x87\x88\x89\x8f\x90\x91\x93\x94\x81\x92"),
  "h\x00",
  "q\x00",
  "j\xff\xff\xff\xff",
  "r\xff\xff\xff\xff",
  "\x8a\x01\xff",
  "\x8a\xff",
  "\x8b\xff\xff\xff\x7f",
  "J\xff\xff\xff\xff",
  "K\x00",
  "G\x7f\xf8\x00\x00\x00\x00\x00\x00",
  "I99999999999999999999\n",
  "L-1L\n",
  "X\xff\xff\xff\xff",
  "\x8e\xff\xff\xff\xff\xff\xff\xff\xff",
  "(".repeat(300),
  "]".repeat(300) + "a".repeat(299),
  "}]".repeat(40),
  "2".repeat(100) + "t",
] as const;

export const mutatePickle: Mutator = (bytes, random) => {
  const opcodes = split(bytes);
  const at = random.integer(opcodes.length);
  const own = opcodes[at] as Uint8Array;
  switch (random.integer(6)) {
    case 0:
      opcodes.splice(at, 1 + random.integer(3));
      break;
    case 1:
      opcodes.splice(at, 0, ...opcodes.slice(at, at + 1 + random.integer(4)));
      break;
    case 2: {
      const other = random.integer(opcodes.length);
      [opcodes[at], opcodes[other]] = [opcodes[other] as Uint8Array, own];
      break;
    }
    case 3:
      opcodes[at] = withOtherArgument(own, random);
      break;
    case 4: {
      // One that does something else with arguments of the same length.
      const changed = own.slice();
      changed[0] = pick(Object.keys(ARGUMENTS), random).charCodeAt(0);
      opcodes[at] = changed;
      break;
    }
    default:
      opcodes.splice(at, 0, latin(pick(SNIPPETS, random)));
  }
  return join(...opcodes);
};

function latin(codes: string): Uint8Array {
  return Uint8Array.from(codes, (c) => c.charCodeAt(0));
}

/** The opcodes with their arguments; what stands behind the last STOP of a pickle begins another. */
function split(bytes: Uint8Array): Uint8Array[] {
  const opcodes: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = Math.min(bytes.length, at + lengthOf(bytes, at));
    opcodes.push(bytes.subarray(at, end));
    at = end;
  }
  return opcodes;
}

function lengthOf(bytes: Uint8Array, at: number): number {
  const own = ARGUMENTS[String.fromCharCode(bytes[at] as number)] ?? 0;
  if (typeof own === "number") return 1 + own;
  if ("counted" in own) {
    let count = 0;
    for (let i = own.counted; i > 0; i--) count = count * 256 + (bytes[at + i] ?? 0);
    return 1 + own.counted + count;
  }
  let end = at;
  for (let line = 0; line < own.lines; line++) {
    const next = bytes.indexOf(10, end + 1);
    end = next < 0 ? bytes.length : next;
  }
  return end + 1 - at;
}

function withOtherArgument(opcode: Uint8Array, random: Random): Uint8Array {
  const changed = opcode.slice();
  if (changed.length < 2) return changed;
  if (random.integer(2) === 0) {
    changed[1 + random.integer(changed.length - 1)] = random.integer(256);
  } else {
    const size = Math.min(changed.length - 1, pick([1, 2, 4, 8], random));
    writeNumber(changed, 1, pick(EDGES, random), { size });
  }
  return changed;
}
