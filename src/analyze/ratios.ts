/**
 * @file The ratios at which a sensitivity curve is measured when nothing else is said. In a file of its
 * own, since the page wants to know them and no more of what measuring needs.
 */

/** Ascending, in (0, 1). */
export const SENSITIVITY_RATIOS: readonly number[] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
