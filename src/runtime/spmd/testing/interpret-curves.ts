/** @file The activations that bend, as the instructions say it, and what they and their slopes are. */
import { CURVES } from "../instructions.ts";
import { eachValue, word as of, type Run } from "./bytes.ts";

/** The curve whose word that is, at x, in double precision. */
export function curveAt(kind: number, x: number, alpha: number): number {
  if (kind === CURVES.swish) return x / (1 + Math.exp(-x));
  if (kind === CURVES.tanh) return Math.tanh(x);
  if (x > 0) return x;
  return alpha * (kind === CURVES.elu ? Math.expm1(x) : x);
}

/** Its slope there; at a kink, the one below. */
export function slopeAt(kind: number, x: number, alpha: number): number {
  if (kind === CURVES.swish) {
    const [s, rest] = [1 / (1 + Math.exp(-x)), 1 / (1 + Math.exp(x))];
    return s * (1 + x * rest);
  }
  if (kind === CURVES.tanh) return 1 / Math.cosh(x) ** 2;
  if (x > 0) return 1;
  return alpha * (kind === CURVES.elu ? Math.exp(x) : 1);
}

/** The same slope by what the instruction is given: swish's input, the other curves' output. */
function slopeBy(kind: number, z: number, alpha: number): number {
  if (kind === CURVES.swish) return slopeAt(kind, z, alpha);
  if (kind === CURVES.tanh) return 1 - z * z;
  if (z > 0) return 1;
  return kind === CURVES.elu ? z + alpha : alpha;
}

const curve: Run = (bytes, w, call) => {
  eachValue(w, call, (p, c) => {
    const x = bytes.get(of(w, "x"), p * of(w, "xStride") + c);
    bytes.set(of(w, "y"), p * of(w, "yStride") + c, curveAt(of(w, "kind"), x, of(w, "alpha")));
  });
};

const curveGradient: Run = (bytes, w, call) => {
  eachValue(w, call, (p, c) => {
    const z = bytes.get(of(w, "z"), p * of(w, "zStride") + c);
    const dy = bytes.get(of(w, "dy"), p * of(w, "dyStride") + c);
    const at = p * of(w, "dxStride") + c;
    const before = of(w, "accumulate") === 0 ? 0 : bytes.get(of(w, "dx"), at);
    bytes.set(of(w, "dx"), at, before + dy * slopeBy(of(w, "kind"), z, of(w, "alpha")));
  });
};

export const INTERPRETED_CURVES = { curve, curveGradient } satisfies Record<string, Run>;
