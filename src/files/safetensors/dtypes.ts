/** @file Floating-point tensors of any width as float32; widening is exact, F64 is rounded. */

/**
 * The values of a tensor's bytes, copied.
 * @param bytes — a whole number of elements, at any alignment
 * @returns nothing when the dtype is no floating-point type that fits
 */
export function toFloat32(bytes: Uint8Array, dtype: string): Float32Array | undefined {
  // A copy is aligned, and lets go of the file's buffer.
  const { buffer } = bytes.slice();
  switch (dtype) {
    case "F32":
      return new Float32Array(buffer);
    case "F64":
      return Float32Array.from(new Float64Array(buffer));
    case "BF16":
      return fromBits(new Uint16Array(buffer), (half) => half << 16);
    case "F16":
      return fromBits(new Uint16Array(buffer), halfToFloatBits);
    default:
      return undefined;
  }
}

function fromBits(halves: Uint16Array, widen: (half: number) => number): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = widen(halves[i] as number);
  return new Float32Array(bits.buffer);
}

/** IEEE 754 binary16 → binary32: sign 1, exponent 5 (bias 15), fraction 10. */
function halfToFloatBits(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >>> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return sign | 0x7f800000 | (fraction << 13);
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  // Subnormal: fraction · 2⁻²⁴, normal in float32 once its leading bit is shifted out.
  const shift = Math.clz32(fraction) - 21;
  return sign | ((113 - shift) << 23) | ((fraction << (shift + 13)) & 0x7fffff);
}
