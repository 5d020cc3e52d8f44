/**
 * @file Weights from the network's layout, [kh][kw][cin][cout], into the panels that the matrix
 * products read. A thread fills whole panels; positions that no logical channel maps to hold zero.
 */
import { shareStart } from "./control";
import {
  foldBatchNormWords as Fold,
  packGemmTransposedWords as Transposed,
  packGemmWords as Plain,
  padBiasWords as Pad,
} from "./instructions.generated";

export function packGemm(words: usize, thread: i32, threads: i32): void {
  const taps = Plain.taps(words);
  const cin = Plain.cin(words);
  const cout = Plain.cout(words);
  const physical = Plain.cinPhysical(words);
  const map = <usize>Plain.cinMap(words);
  const list = <usize>Plain.tapList(words);
  const scale = <usize>Plain.scale(words);
  const rowBytes = (<usize>Plain.rowStride(words)) << 2;
  const panels = (cout + 7) >> 3;
  const panelBytes = (<usize>(taps * physical)) << 5;
  const end = shareStart(panels, thread + 1, threads);
  for (let panel = shareStart(panels, thread, threads); panel < end; panel++) {
    const out = <usize>Plain.panels(words) + <usize>panel * panelBytes;
    memory.fill(out, 0, panelBytes);
    const first = panel << 3;
    const width = min(8, cout - first);
    for (let t = 0; t < taps; t++) {
      const tap = load<i32>(list + ((<usize>t) << 2));
      let from = <usize>Plain.w(words) + <usize>(tap * cin) * rowBytes + ((<usize>first) << 2);
      for (let ci = 0; ci < cin; ci++) {
        const row = t * physical + load<i32>(map + ((<usize>ci) << 2));
        const to = out + ((<usize>row) << 5);
        for (let j = 0; j < width; j++) {
          const at = (<usize>j) << 2;
          let value = load<f32>(from + at);
          if (scale !== 0) value *= load<f32>(scale + ((<usize>first) << 2) + at);
          store<f32>(to + at, value);
        }
        from += rowBytes;
      }
    }
  }
}

export function packGemmTransposed(words: usize, thread: i32, threads: i32): void {
  const taps = Transposed.taps(words);
  const cin = Transposed.cin(words);
  const cout = Transposed.cout(words);
  const coutPhysical = Transposed.coutPhysical(words);
  const map = <usize>Transposed.cinMap(words);
  const list = <usize>Transposed.tapList(words);
  const rowBytes = (<usize>Transposed.rowStride(words)) << 2;
  const panels = (Transposed.cinPhysical(words) + 7) >> 3;
  const panelBytes = (<usize>(taps * coutPhysical)) << 5;
  const start = shareStart(panels, thread, threads);
  const end = shareStart(panels, thread + 1, threads);
  const base = <usize>Transposed.panels(words);
  memory.fill(base + <usize>start * panelBytes, 0, <usize>(end - start) * panelBytes);
  for (let ci = 0; ci < cin; ci++) {
    const position = load<i32>(map + ((<usize>ci) << 2));
    const panel = position >> 3;
    if (panel < start || panel >= end) continue;
    for (let t = 0; t < taps; t++) {
      const tap = load<i32>(list + ((<usize>t) << 2));
      let from = <usize>Transposed.w(words) + <usize>(tap * cin + ci) * rowBytes;
      let to =
        base +
        <usize>panel * panelBytes +
        ((<usize>(t * coutPhysical)) << 5) +
        ((<usize>(position & 7)) << 2);
      for (let co = 0; co < cout; co++) {
        store<f32>(to, load<f32>(from));
        from += 4;
        to += 32;
      }
    }
  }
}

/** W′ = W·γ/√(σ²+ε), b′ = β + (b − μ)·γ/√(σ²+ε): the factor and the bias. */
export function foldBatchNorm(words: usize, thread: i32, threads: i32): void {
  if (thread !== 0) return;
  const cout = Fold.cout(words);
  const bias = <usize>Fold.bias(words);
  const convBias = <usize>Fold.convBias(words);
  const epsilon = Fold.epsilon(words);
  memory.fill(bias, 0, (<usize>((cout + 7) & ~7)) << 2);
  for (let c = 0; c < cout; c++) {
    const at = (<usize>c) << 2;
    const variance = load<f32>(<usize>Fold.variance(words) + at);
    const factor = <f32>(
      (<f64>load<f32>(<usize>Fold.gamma(words) + at) / sqrt<f64>(<f64>variance + <f64>epsilon))
    );
    const given: f32 = convBias === 0 ? 0 : load<f32>(convBias + at);
    const mean = load<f32>(<usize>Fold.mean(words) + at);
    store<f32>(<usize>Fold.scale(words) + at, factor);
    store<f32>(bias + at, load<f32>(<usize>Fold.beta(words) + at) + (given - mean) * factor);
  }
}

export function padBias(words: usize, thread: i32, threads: i32): void {
  if (thread !== 0) return;
  const cout = Pad.cout(words);
  const bias = <usize>Pad.bias(words);
  memory.fill(bias, 0, (<usize>((cout + 7) & ~7)) << 2);
  memory.copy(bias, <usize>Pad.from(words), (<usize>cout) << 2);
}
