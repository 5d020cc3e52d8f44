/**
 * @file Image sizes that a file leaves open. Pads, poolings and costs follow from the size, so a network
 * is opened for one; which one, the person says, and only where the file does not.
 */
import { AppError } from "../core/index.ts";
import { endsOf, type Network } from "../model/index.ts";

/** In pixels. */
export interface InputSize {
  readonly height: number;
  readonly width: number;
}

/** Larger images than any network for classification takes. */
export const MOST_PIXELS_A_SIDE = 4096;

/**
 * The refusal of an open size, which asks for one.
 * @param shown — the file's own words: `[N,3,height,width]`
 */
export function openSize(where: string, shown: string): AppError {
  return new AppError("files/open-size", { where, found: shown });
}

/**
 * Refuses what is no size.
 * @throws files/bad-field
 */
export function checkSize({ height, width }: InputSize): void {
  const isSide = (side: number): boolean =>
    Number.isInteger(side) && side >= 1 && side <= MOST_PIXELS_A_SIDE;
  if (isSide(height) && isSide(width)) return;
  const shown = (side: number): string => (Number.isFinite(side) ? String(side) : "no number");
  throw new AppError("files/bad-field", {
    where: "image size",
    expected: `whole numbers from 1 to ${MOST_PIXELS_A_SIDE}`,
    found: `${shown(height)} × ${shown(width)}`,
    hint: "give height and width in pixels",
  });
}

/**
 * Refuses a size that is not the file's own: what a person says must not be dropped without a word. Where
 * one side is as it was said, it may be that the file leaves that one open; so the other is named.
 * @throws files/bad-field
 */
export function checkInputSize(network: Network, size: InputSize, where: string): void {
  const [height, width] = endsOf(network).input;
  const fixed = [
    ...(height === size.height ? [] : [`a height of ${height}`]),
    ...(width === size.width ? [] : [`a width of ${width}`]),
  ];
  const [side] = fixed;
  if (side === undefined) return;
  const isOne = fixed.length === 1;
  throw new AppError("files/bad-field", {
    where,
    expected: isOne
      ? `${side}, which the file says`
      : `images of ${height} × ${width}, the size that the file says`,
    found: `${size.height} × ${size.width}`,
    hint: isOne ? `say ${height} × ${width}` : "leave the size out",
  });
}
