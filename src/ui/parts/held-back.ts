/** @file A button that cannot be used for the moment and may have the focus: a disabled one would lose it. */

/** Its attributes; what it does has to ask as well. */
export function heldBack(isHeld: boolean): {
  readonly "aria-disabled"?: true;
  readonly "data-disabled"?: true;
} {
  return isHeld ? { "aria-disabled": true, "data-disabled": true } : {};
}
