/** @file Batch norm and what runs along with it, as the instructions say it. */
import {
  activated,
  isOpen,
  word as of,
  type Bytes,
  type Call,
  type Given,
  type Run,
} from "./bytes.ts";

const foldBatchNorm: Run = (bytes, w) => {
  const cout = of(w, "cout");
  for (let c = 0; c < Math.ceil(cout / 8) * 8; c++) bytes.set(of(w, "bias"), c, 0);
  for (let c = 0; c < cout; c++) {
    const deviation = Math.sqrt(bytes.get(of(w, "variance"), c) + of(w, "epsilon"));
    const factor = bytes.get(of(w, "gamma"), c) / deviation;
    const given = of(w, "convBias") === 0 ? 0 : bytes.get(of(w, "convBias"), c);
    const mean = bytes.get(of(w, "mean"), c);
    bytes.set(of(w, "scale"), c, factor);
    bytes.set(of(w, "bias"), c, bytes.get(of(w, "beta"), c) + (given - mean) * factor);
  }
};

const padBias: Run = (bytes, w) => {
  const cout = of(w, "cout");
  for (let c = 0; c < Math.ceil(cout / 8) * 8; c++) {
    bytes.set(of(w, "bias"), c, c < cout ? bytes.get(of(w, "from"), c) : 0);
  }
};

/** Both sums of a channel over all threads. */
function totals(bytes: Bytes, address: number, channels: number, c: number, { threads }: Call) {
  let [first, second] = [0, 0];
  for (let thread = 0; thread < threads; thread++) {
    first += bytes.double(address, thread * 2 * channels + c);
    second += bytes.double(address, (thread * 2 + 1) * channels + c);
  }
  return [first, second] as const;
}

function clear(bytes: Bytes, address: number, channels: number, { threads }: Call): void {
  for (let i = 0; i < threads * 2 * channels; i++) bytes.setDouble(address, i, 0);
}

function accumulate(bytes: Bytes, address: number, at: number, value: number): void {
  bytes.setDouble(address, at, bytes.double(address, at) + value);
}

const sums: Run = (bytes, w, call) => {
  const channels = of(w, "channels");
  clear(bytes, of(w, "partials"), channels, call);
  for (let p = 0; p < of(w, "pixels") * call.images; p++) {
    for (let c = 0; c < channels; c++) {
      const value = bytes.get(of(w, "x"), p * of(w, "xStride") + c);
      accumulate(bytes, of(w, "partials"), c, value);
      accumulate(bytes, of(w, "partials"), channels + c, value * value);
    }
  }
};

const reduceSums: Run = (bytes, w, call) => {
  for (let c = 0; c < of(w, "logical"); c++) {
    const position = bytes.int(of(w, "map"), c);
    const [sum] = totals(bytes, of(w, "partials"), of(w, "channels"), position, call);
    bytes.set(of(w, "gradient"), c, sum);
  }
};

/** Writes scale, shift, mean and reciprocal deviation of one channel; rows of `channels`. */
function setAffine(
  bytes: Bytes,
  w: Given,
  position: number,
  [scale, shift, mean, reciprocal]: readonly [number, number, number, number],
): void {
  const channels = of(w, "channels");
  [scale, shift, mean, reciprocal].forEach((value, row) => {
    bytes.set(of(w, "affine"), row * channels + position, value);
  });
}

function clearAffine(bytes: Bytes, w: Given): void {
  for (let c = 0; c < of(w, "channels"); c++) setAffine(bytes, w, c, [0, 0, 0, 0]);
}

const normalize: Run = (bytes, w, call) => {
  clearAffine(bytes, w);
  const rows = of(w, "pixels") * call.images;
  for (let c = 0; c < of(w, "logical"); c++) {
    const position = bytes.int(of(w, "map"), c);
    const [sum, squares] = totals(bytes, of(w, "partials"), of(w, "channels"), position, call);
    const mean = sum / rows;
    const variance = Math.max(0, squares / rows - mean * mean);
    const reciprocal = 1 / Math.sqrt(variance + of(w, "epsilon"));
    const scale = bytes.get(of(w, "gamma"), c) * reciprocal;
    const shift = bytes.get(of(w, "beta"), c) - mean * scale;
    setAffine(bytes, w, position, [scale, shift, mean, reciprocal]);
    const blend = (slot: string, now: number): void => {
      const old = bytes.get(of(w, slot), c);
      bytes.set(of(w, slot), c, old + of(w, "momentum") * (now - old));
    };
    blend("mean", mean);
    blend("variance", variance * (rows > 1 ? rows / (rows - 1) : 1));
  }
};

const affineOfRunning: Run = (bytes, w) => {
  clearAffine(bytes, w);
  for (let c = 0; c < of(w, "logical"); c++) {
    const mean = bytes.get(of(w, "mean"), c);
    const reciprocal = 1 / Math.sqrt(bytes.get(of(w, "variance"), c) + of(w, "epsilon"));
    const scale = bytes.get(of(w, "gamma"), c) * reciprocal;
    const shift = bytes.get(of(w, "beta"), c) - mean * scale;
    setAffine(bytes, w, bytes.int(of(w, "map"), c), [scale, shift, mean, reciprocal]);
  }
};

/** The normalized, activated value of one input position; `stride` floats between the affine's rows. */
function normed(bytes: Bytes, w: Given, pixel: number, c: number, stride: number): number {
  const x = bytes.get(of(w, "x"), pixel * of(w, "xStride") + c);
  const scale = bytes.get(of(w, "affine"), c);
  const shift = bytes.get(of(w, "affine"), stride + c);
  return activated(Math.fround(x * scale + shift), of(w, "activation"));
}

/** The pixels of a 2 × 2 window, or the one pixel without pooling. */
function windowPixels(w: Given, image: number, row: number, column: number): readonly number[] {
  const [height, width] = [of(w, "height"), of(w, "width")];
  const at = (y: number, x: number): number => (image * height + y) * width + x;
  if (of(w, "pool") === 0) return [at(row, column)];
  const [y, x] = [2 * row, 2 * column];
  return [at(y, x), at(y, x + 1), at(y + 1, x), at(y + 1, x + 1)];
}

function eachOutput(
  w: Given,
  { images }: Call,
  visit: (output: number, pixels: readonly number[]) => void,
): void {
  const side = of(w, "pool") === 0 ? 1 : 2;
  const rows = Math.floor(of(w, "height") / side);
  const columns = Math.floor(of(w, "width") / side);
  for (let image = 0; image < images; image++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        visit((image * rows + row) * columns + column, windowPixels(w, image, row, column));
      }
    }
  }
}

const applyAffine: Run = (bytes, w, call) => {
  eachOutput(w, call, (output, pixels) => {
    for (let j = 0; j < of(w, "channels"); j++) {
      const c = of(w, "gather") === 0 ? j : bytes.int(of(w, "gather"), j);
      const all = pixels.map((pixel) => (c < 0 ? 0 : normed(bytes, w, pixel, c, of(w, "sources"))));
      bytes.set(of(w, "y"), output * of(w, "yStride") + j, Math.max(...all));
    }
  });
};

/** Calls back with g, dy behind pooling, activation and selection, wherever it is not zero. */
function eachGradient(
  bytes: Bytes,
  w: Given,
  call: Call,
  visit: (pixel: number, c: number, g: number) => void,
): void {
  const channels = of(w, "channels");
  eachOutput(w, call, (output, pixels) => {
    for (let c = 0; c < channels; c++) {
      const j = of(w, "inverse") === 0 ? c : bytes.int(of(w, "inverse"), c);
      if (j < 0) continue;
      const all = pixels.map((pixel) => normed(bytes, w, pixel, c, channels));
      const best = all.indexOf(Math.max(...all));
      if (!isOpen(all[best] ?? 0, of(w, "activation"))) continue;
      visit(pixels[best] ?? 0, c, bytes.get(of(w, "dy"), output * of(w, "dyStride") + j));
    }
  });
}

const affineGradientSums: Run = (bytes, w, call) => {
  const channels = of(w, "channels");
  clear(bytes, of(w, "partials"), channels, call);
  eachGradient(bytes, w, call, (pixel, c, g) => {
    const x = bytes.get(of(w, "x"), pixel * of(w, "xStride") + c);
    const mean = bytes.get(of(w, "affine"), 2 * channels + c);
    const reciprocal = bytes.get(of(w, "affine"), 3 * channels + c);
    accumulate(bytes, of(w, "partials"), c, g);
    accumulate(bytes, of(w, "partials"), channels + c, g * (x - mean) * reciprocal);
  });
};

const finishAffineGradient: Run = (bytes, w, call) => {
  const channels = of(w, "channels");
  const rows = of(w, "pixels") * call.images;
  for (let i = 0; i < 3 * channels; i++) bytes.set(of(w, "coefficients"), i, 0);
  for (let c = 0; c < of(w, "logical"); c++) {
    const position = bytes.int(of(w, "map"), c);
    const [beta, gamma] = totals(bytes, of(w, "partials"), channels, position, call);
    bytes.set(of(w, "betaGradient"), c, beta);
    bytes.set(of(w, "gammaGradient"), c, gamma);
    const reciprocal = bytes.get(of(w, "affine"), 3 * channels + position);
    const outer = bytes.get(of(w, "gamma"), c) * reciprocal;
    bytes.set(of(w, "coefficients"), position, outer);
    if (rows === 0) continue;
    bytes.set(of(w, "coefficients"), channels + position, (-outer * reciprocal * gamma) / rows);
    bytes.set(of(w, "coefficients"), 2 * channels + position, (-outer * beta) / rows);
  }
};

const affineGradient: Run = (bytes, w, call) => {
  const channels = of(w, "channels");
  const pixels = of(w, "height") * of(w, "width") * call.images;
  const g = new Float64Array(pixels * channels);
  eachGradient(bytes, w, call, (pixel, c, value) => {
    g[pixel * channels + c] = value;
  });
  for (let p = 0; p < pixels; p++) {
    for (let c = 0; c < channels; c++) {
      const [a, b, constant] = [0, 1, 2].map((row) =>
        bytes.get(of(w, "coefficients"), row * channels + c),
      ) as [number, number, number];
      const x = bytes.get(of(w, "x"), p * of(w, "xStride") + c);
      const mean = bytes.get(of(w, "affine"), 2 * channels + c);
      const value = a * (g[p * channels + c] ?? 0) + b * (x - mean) + constant;
      const at = p * of(w, "dxStride") + c;
      const before = of(w, "accumulate") === 0 ? 0 : bytes.get(of(w, "dx"), at);
      bytes.set(of(w, "dx"), at, before + value);
    }
  }
};

export const NORMS = {
  foldBatchNorm,
  padBias,
  sums,
  reduceSums,
  normalize,
  affineOfRunning,
  applyAffine,
  affineGradientSums,
  finishAffineGradient,
  affineGradient,
} satisfies Record<string, Run>;
