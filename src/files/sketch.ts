/**
 * @file A network that was understood in part: its layers as the file has them, with what could be worked out of each. It
 * cannot be run, trained, cut or written, since one op or more is none of ours; it can be looked at. What is
 * not known says so and is never guessed.
 */
import { AppError, type Shape, toPlainError } from "../core/index.ts";

/** One layer of a file. */
export interface SketchLayer {
  readonly name: string;
  /** As the file calls it, such as `GroupNormalization`. */
  readonly op: string;
  /** Of its output, `[h, w, c]` or `[c]`; null behind what is not understood. */
  readonly shape: Shape | null;
  /** Null where they could not be counted. */
  readonly parameters: number | null;
  /** For one image; null where they could not be counted. */
  readonly macs: number | null;
  /** Why it cannot be run; null where it could be, or where only its input is not understood. */
  readonly problem: string | null;
}

export interface Sketch {
  readonly name: string;
  /** In the order in which the file computes them. */
  readonly layers: readonly SketchLayer[];
  /** |γ| of every batch norm whose weights could be read. */
  readonly scales: Float32Array;
}

/** The refusal of a network with what could be understood of it all the same. */
export class UnrunnableNetwork extends AppError {
  constructor(
    refusal: AppError,
    readonly sketch: Sketch,
  ) {
    super(refusal.code, { ...toPlainError(refusal), cause: refusal });
  }
}

/**
 * Reads a network; one that uses what is not supported is refused with a sketch of it.
 * @param draw — may be refused itself: then the first refusal is all there is
 * @throws UnrunnableNetwork, and whatever `read` throws
 */
export function sketching<T>(read: () => T, draw: () => Sketch): T {
  try {
    return read();
  } catch (error) {
    const isUnsupported = error instanceof AppError && error.code === "files/unsupported";
    if (!isUnsupported || error instanceof UnrunnableNetwork) throw error;
    throw new UnrunnableNetwork(error, drawnOr(draw, error));
  }
}

/** @throws `refusal` where nothing can be drawn */
function drawnOr(draw: () => Sketch, refusal: AppError): Sketch {
  try {
    return draw();
  } catch (error) {
    if (error instanceof AppError) throw refusal;
    throw error;
  }
}

/** What of a layer is not supported, as its own refusal says it. */
export function reasonOf({ expected, found }: AppError): string {
  if (expected === undefined) return found ?? "not supported";
  return found === undefined ? `expected ${expected}` : `expected ${expected}, found ${found}`;
}

/** What is said of an op that is not known at all. */
export function noSuchOp(name: string): string {
  return `Espalier has no ${name}`;
}
