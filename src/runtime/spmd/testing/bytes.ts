/** @file A memory as the interpreter sees it: the same bytes as floats, whole numbers and doubles. */

/** An instruction's words by name. */
export type Given = Readonly<Record<string, number>>;

export class Bytes {
  readonly floats: Float32Array;
  readonly whole: Int32Array;
  readonly doubles: Float64Array;

  constructor(buffer: ArrayBufferLike) {
    this.floats = new Float32Array(buffer, 0, Math.floor(buffer.byteLength / 4));
    this.whole = new Int32Array(buffer, 0, Math.floor(buffer.byteLength / 4));
    this.doubles = new Float64Array(buffer, 0, Math.floor(buffer.byteLength / 8));
  }

  /** The float `index` floats behind an address. */
  get(address: number, index: number): number {
    return this.floats[address / 4 + index] ?? Number.NaN;
  }

  set(address: number, index: number, value: number): void {
    this.floats[address / 4 + index] = value;
  }

  add(address: number, index: number, value: number): void {
    this.set(address, index, this.get(address, index) + value);
  }

  int(address: number, index: number): number {
    return this.whole[address / 4 + index] ?? 0;
  }

  double(address: number, index: number): number {
    return this.doubles[address / 8 + index] ?? Number.NaN;
  }

  setDouble(address: number, index: number, value: number): void {
    this.doubles[address / 8 + index] = value;
  }
}

/** What a call knows beside the words. */
export interface Call {
  readonly images: number;
  readonly threads: number;
}

export type Run = (bytes: Bytes, words: Given, call: Call) => void;

/** The words as numbers that are there. */
export function word(words: Given, name: string): number {
  const value = words[name];
  if (value === undefined) throw new Error(`internal: no word ${name}`);
  return value;
}

/** Calls back for every channel of every pixel. */
export function eachValue(
  words: Given,
  { images }: Call,
  visit: (pixel: number, channel: number) => void,
): void {
  for (let p = 0; p < word(words, "pixels") * images; p++) {
    for (let c = 0; c < word(words, "channels"); c++) visit(p, c);
  }
}

export function activated(value: number, activation: number): number {
  if (activation === 0) return value;
  // Not Math.max: a NaN must stay one.
  const positive = value < 0 ? 0 : value;
  return activation === 2 && positive > 6 ? 6 : positive;
}

/** Whether an activation lets the gradient through, by its own output. */
export function isOpen(output: number, activation: number): boolean {
  return activation === 0 || (output > 0 && (activation === 1 || output < 6));
}
