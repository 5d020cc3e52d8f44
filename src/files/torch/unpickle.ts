/**
 * @file Pickles as data: a small stack machine for protocols 0 to 5 that imports nothing, calls nothing
 * and knows only the names of `globals.ts`. It counts its steps, its stack, its memo and its containers,
 * never recurses, and refuses what contains itself, so that whoever walks the result comes to an end.
 */
import { AppError } from "../../core/index.ts";
import { showCount } from "../bytes.ts";
import { type Caller, callGlobal, checkState, findGlobal, forbidden } from "./globals.ts";
import { PICKLE_LIMITS, PickleReader } from "./pickle-reader.ts";
import {
  parseEscaped,
  parseFloatLine,
  parseIntLine,
  parseInteger,
  parseQuoted,
} from "./pickle-text.ts";
import {
  describe,
  isKind,
  type PickleContainer,
  type PickleDict,
  type PickleValue,
} from "./pickle-values.ts";

/** Turns a persistent id, by which a pickle refers to what is outside of it, into a value. */
export type PersistentLoad = (id: PickleValue, where: () => string) => PickleValue;

/** A value and the offset after its pickle. */
export interface Unpickled {
  readonly value: PickleValue;
  readonly end: number;
}

/**
 * Reads the pickle that begins at `start`.
 * @param bytes — borrowed; `bytes` values within share its memory
 * @param where — the file and the pickle in it
 * @throws files/forbidden for a name that is not allowed, files/truncated, files/over-limit,
 *   files/bad-field, files/duplicate-name, files/unsupported, files/dtype-unsupported
 */
export function unpickle(
  bytes: Uint8Array,
  start: number,
  where: string,
  load: PersistentLoad,
): Unpickled {
  const machine = new Machine(new PickleReader(bytes, start, where), load);
  return { value: machine.run(), end: machine.reader.position };
}

/** For pickles that have nothing outside of them. */
export const loadNothing: PersistentLoad = (_, where) => {
  throw new AppError("files/bad-field", {
    where: where(),
    expected: "plain values",
    found: "a reference to elsewhere",
  });
};

const STOP = 0x2e;

class Machine implements Caller {
  readonly place: () => string;
  readonly #stack: PickleValue[] = [];
  /** Heights of the stack at which a mark was set; nothing below the last one is reached. */
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, PickleValue>();
  #steps = 0;
  #containers = 0;

  constructor(
    readonly reader: PickleReader,
    readonly load: PersistentLoad,
  ) {
    this.place = reader.place;
  }

  run(): PickleValue {
    for (let code = this.reader.opcode(); code !== STOP; code = this.reader.opcode()) {
      this.spend(1);
      const run = OPCODES[code];
      if (run === undefined) {
        throw this.reader.refuse("files/bad-field", "an opcode", `0x${code.toString(16)}`);
      }
      run(this);
    }
    const value = this.pop();
    if (this.#stack.length > 0 || this.#marks.length > 0) {
      throw this.reader.refuse("files/bad-field", "one value at the end", "several");
    }
    checkNesting(value, this.reader);
    return value;
  }

  /** Counts work. */
  spend(steps: number): void {
    this.#steps += steps;
    this.#cap(this.#steps, PICKLE_LIMITS.steps, "steps");
  }

  push(value: PickleValue): void {
    this.#stack.push(value);
    this.#cap(this.#stack.length, PICKLE_LIMITS.stack, "values on the stack");
  }

  pop(): PickleValue {
    const value = this.top();
    this.#stack.pop();
    return value;
  }

  top(): PickleValue {
    const value = this.#stack[this.#stack.length - 1];
    if (value !== undefined && this.#stack.length > (this.#marks.at(-1) ?? 0)) return value;
    throw this.reader.refuse("files/bad-field", "a value to work on", "none");
  }

  mark(): void {
    this.#marks.push(this.#stack.length);
    this.#cap(this.#marks.length, PICKLE_LIMITS.stack, "marks on the stack");
  }

  /** Takes what stands above the last mark, and the mark. */
  popMark(): PickleValue[] {
    const start = this.#marks.pop();
    if (start === undefined) throw this.reader.refuse("files/bad-field", "a mark", "none");
    return this.#stack.splice(start);
  }

  /** The last `count` values as a tuple. */
  tuple(count: number): void {
    const items: PickleValue[] = [];
    for (let i = 0; i < count; i++) items.unshift(this.pop());
    this.contain({ kind: "tuple", items });
  }

  /** Pushes a new container. */
  contain(container: PickleContainer): void {
    this.#count();
    this.push(container);
  }

  makeDict(): PickleDict {
    this.#count();
    return { kind: "dict", items: new Map() };
  }

  setItem(dict: PickleDict, key: PickleValue, value: PickleValue): void {
    this.spend(1);
    if (dict.items.has(key)) {
      throw this.reader.refuse("files/duplicate-name", "every key once", describe(key));
    }
    dict.items.set(key, value);
  }

  /** Puts `[key, value, key, value, …]` into the dictionary on the stack. */
  setItems(items: readonly PickleValue[]): void {
    const dict = this.top();
    if (!isKind(dict, "dict") || items.length % 2 !== 0) {
      throw this.reader.refuse("files/bad-field", "a dictionary and pairs", describe(dict));
    }
    for (let i = 0; i < items.length; i += 2) {
      this.setItem(dict, items[i] as PickleValue, items[i + 1] as PickleValue);
    }
  }

  append(items: readonly PickleValue[]): void {
    const list = this.top();
    if (!isKind(list, "list")) {
      throw this.reader.refuse("files/bad-field", "a list", describe(list));
    }
    for (const item of items) list.items.push(item);
  }

  remember(index: number): void {
    this.#memo.set(index, this.top());
    this.#cap(this.#memo.size, PICKLE_LIMITS.memo, "remembered values");
  }

  memoize(): void {
    this.remember(this.#memo.size);
  }

  recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) {
      throw this.reader.refuse("files/bad-field", "a remembered value", `none under ${index}`);
    }
    this.push(value);
  }

  /** A name by itself is only a name; one that is not allowed is refused all the same. */
  global(module: string, name: string): void {
    const path = `${module}.${name}`;
    const global = findGlobal(path, this.place);
    if (global === undefined) throw this.#forbid(path);
    this.push(global);
  }

  reduce(): void {
    const args = this.pop();
    const callee = this.pop();
    if (!isKind(callee, "global")) throw forbidden(describe(callee), this.place());
    if (!isKind(args, "tuple")) {
      throw this.reader.refuse("files/bad-field", "a tuple of arguments", describe(args));
    }
    this.push(callGlobal(callee, args.items, this));
  }

  build(): void {
    const state = this.pop();
    checkState(this.top(), state, this.place);
  }

  /** Making an object of a class is never allowed, not even of an allowed one. */
  construct(what: string): never {
    throw forbidden(what, this.place());
  }

  #count(): void {
    this.#containers++;
    this.#cap(this.#containers, PICKLE_LIMITS.containers, "lists, tuples and dictionaries");
  }

  #cap(count: number, most: number, what: string): void {
    if (count <= most) return;
    throw this.reader.refuse("files/over-limit", `at most ${showCount(most)} ${what}`, "more");
  }

  /**
   * Refuses a name. `torch.save(model)` is told by what follows the class: a new object without
   * arguments and a module's attributes, or in older files by the tuple that the class stands in.
   */
  #forbid(path: string): AppError {
    const isModule = MODULE.test(this.reader.peek(256)) || this.#stack.at(-1) === "module";
    if (!isModule) return forbidden(path, this.place());
    return forbidden(
      `a whole pickled model (${path})`,
      this.place(),
      "save model.state_dict() instead and drop that",
    );
  }
}

/** Remembered or not, `() NEWOBJ`, and the first attributes of any `nn.Module`. */
const MODULE = /^(?:q[^]|r[^]{4}|\x94)?\)\x81[^]*_parameters/;

/**
 * Refuses a value that contains itself, or is nested too deep. Walks with a stack of its own, and into
 * what is shared only once.
 */
function checkNesting(root: PickleValue, reader: PickleReader): void {
  const done = new Set<PickleContainer>();
  const open = new Set<PickleContainer>();
  const path: { readonly container: PickleContainer; readonly rest: Iterator<PickleValue> }[] = [];
  const enter = (value: PickleValue): void => {
    if (!isContainer(value) || done.has(value)) return;
    if (open.has(value)) {
      throw reader.refuse("files/bad-field", "values within values", "a value within itself");
    }
    if (path.length === PICKLE_LIMITS.depth) {
      const most = `values nested at most ${PICKLE_LIMITS.depth} deep`;
      throw reader.refuse("files/over-limit", most, "deeper nesting");
    }
    open.add(value);
    path.push({ container: value, rest: value.items.values() });
  };
  enter(root);
  for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
    const next = last.rest.next();
    if (next.done !== true) {
      enter(next.value);
      continue;
    }
    path.pop();
    open.delete(last.container);
    done.add(last.container);
  }
}

function isContainer(value: PickleValue): value is PickleContainer {
  return isKind(value, "list") || isKind(value, "tuple") || isKind(value, "dict");
}

type Opcode = (machine: Machine) => void;

const dictOf = (m: Machine, items: readonly PickleValue[]): void => {
  m.push(m.makeDict());
  m.setItems(items);
};
const listOf = (m: Machine, items: PickleValue[]): void => m.contain({ kind: "list", items });
const tupleOf = (m: Machine, items: PickleValue[]): void => m.contain({ kind: "tuple", items });

/** By code, in the order of Python's `pickle.py`. Sets become lists: nothing here asks what is in them. */
const OPCODES: readonly (Opcode | undefined)[] = table([
  ["(", (m) => m.mark()],
  ["0", (m) => m.pop()],
  ["1", (m) => m.popMark()],
  ["2", (m) => m.push(m.top())],
  ["F", (m) => m.push(parseFloatLine(m.reader))],
  ["I", (m) => m.push(parseIntLine(m.reader))],
  ["J", (m) => m.push(m.reader.int32())],
  ["K", (m) => m.push(m.reader.uint8())],
  ["L", (m) => m.push(parseInteger(m.reader, m.reader.line().replace(/L$/, "")))],
  ["M", (m) => m.push(m.reader.uint16())],
  ["N", (m) => m.push(null)],
  ["P", (m) => m.push(m.load(m.reader.line(), m.place))],
  ["Q", (m) => m.push(m.load(m.pop(), m.place))],
  ["R", (m) => m.reduce()],
  ["S", (m) => m.push(parseQuoted(m.reader))],
  ["T", (m) => m.push(m.reader.latin1(m.reader.uint32()))],
  ["U", (m) => m.push(m.reader.latin1(m.reader.uint8()))],
  ["V", (m) => m.push(parseEscaped(m.reader))],
  ["X", (m) => m.push(m.reader.utf8(m.reader.uint32()))],
  ["a", (m) => m.append([m.pop()])],
  ["b", (m) => m.build()],
  ["c", (m) => m.global(m.reader.line(), m.reader.line())],
  ["d", (m) => dictOf(m, m.popMark())],
  ["}", (m) => m.push(m.makeDict())],
  ["e", (m) => m.append(m.popMark())],
  ["g", (m) => m.recall(Number(parseInteger(m.reader, m.reader.line())))],
  ["h", (m) => m.recall(m.reader.uint8())],
  ["i", (m) => m.construct(`${m.reader.line()}.${m.reader.line()}`)],
  ["j", (m) => m.recall(m.reader.uint32())],
  ["l", (m) => listOf(m, m.popMark())],
  ["]", (m) => listOf(m, [])],
  ["o", (m) => m.construct(describe(m.popMark()[0]))],
  ["p", (m) => m.remember(Number(parseInteger(m.reader, m.reader.line())))],
  ["q", (m) => m.remember(m.reader.uint8())],
  ["r", (m) => m.remember(m.reader.uint32())],
  ["s", (m) => m.setItems([m.pop(), m.pop()].reverse())],
  ["t", (m) => tupleOf(m, m.popMark())],
  [")", (m) => m.tuple(0)],
  ["u", (m) => m.setItems(m.popMark())],
  ["G", (m) => m.push(m.reader.float64())],
  // Protocol 2: its number, objects of a class, codes of a registry, short tuples, long integers.
  ["\x80", (m) => checkProtocol(m.reader)],
  ["\x81", (m) => m.construct(describe([m.pop(), m.pop()][1]))],
  ["\x82", (m) => m.construct(`a registered extension, ${m.reader.uint8()}`)],
  ["\x83", (m) => m.construct(`a registered extension, ${m.reader.uint16()}`)],
  ["\x84", (m) => m.construct(`a registered extension, ${m.reader.uint32()}`)],
  ["\x85", (m) => m.tuple(1)],
  ["\x86", (m) => m.tuple(2)],
  ["\x87", (m) => m.tuple(3)],
  ["\x88", (m) => m.push(true)],
  ["\x89", (m) => m.push(false)],
  ["\x8a", (m) => m.push(m.reader.integer(m.reader.uint8()))],
  ["\x8b", (m) => m.push(m.reader.integer(m.reader.uint32()))],
  // Protocol 3.
  ["B", (m) => m.push(m.reader.bytes(m.reader.uint32()))],
  ["C", (m) => m.push(m.reader.bytes(m.reader.uint8()))],
  // Protocol 4.
  ["\x8c", (m) => m.push(m.reader.utf8(m.reader.uint8()))],
  ["\x8d", (m) => m.push(m.reader.utf8(m.reader.uint64()))],
  ["\x8e", (m) => m.push(m.reader.bytes(m.reader.uint64()))],
  ["\x8f", (m) => listOf(m, [])],
  ["\x90", (m) => m.append(m.popMark())],
  ["\x91", (m) => listOf(m, m.popMark())],
  ["\x92", (m) => m.construct(describe([m.pop(), m.pop(), m.pop()][2]))],
  ["\x93", (m) => stackGlobal(m)],
  ["\x94", (m) => m.memoize()],
  ["\x95", (m) => m.reader.skip(8)],
  // Protocol 5; its buffers outside the pickle are never written by torch.
  ["\x96", (m) => m.push(m.reader.bytes(m.reader.uint64()))],
]);

function table(rows: readonly (readonly [string, (machine: Machine) => unknown])[]) {
  const opcodes: (Opcode | undefined)[] = Array.from({ length: 256 });
  for (const [code, run] of rows) opcodes[code.charCodeAt(0)] = run;
  return opcodes;
}

function checkProtocol(reader: PickleReader): void {
  const protocol = reader.uint8();
  if (protocol <= 5) return;
  throw reader.refuse("files/unsupported", "pickle protocol 0 to 5", String(protocol));
}

function stackGlobal(m: Machine): void {
  const [name, module] = [m.pop(), m.pop()];
  if (typeof name !== "string" || typeof module !== "string") {
    throw m.reader.refuse("files/bad-field", "a name", `${describe(module)}, ${describe(name)}`);
  }
  m.global(module, name);
}
