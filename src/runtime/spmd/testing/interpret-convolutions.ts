/**
 * @file Convolutions as the instructions say it, in plain loops and double precision. Winograd's planes
 * hold the plain taps here: the first nine of the sixteen.
 */
import { activated, word as of, type Bytes, type Call, type Given, type Run } from "./bytes.ts";

const panels = (columns: number): number => Math.ceil(columns / 8);
const upTo4 = (n: number): number => Math.ceil(n / 4) * 4;

/** A float of packed weights [panel][row][8]. */
function packed(rows: number, row: number, column: number): number {
  return (Math.floor(column / 8) * rows + row) * 8 + (column % 8);
}

function fill(bytes: Bytes, address: number, floats: number): void {
  for (let i = 0; i < floats; i++) bytes.set(address, i, 0);
}

const packGemm: Run = (bytes, w) => {
  const [taps, cin, cout, physical] = [
    of(w, "taps"),
    of(w, "cin"),
    of(w, "cout"),
    of(w, "cinPhysical"),
  ];
  const rows = taps * physical;
  fill(bytes, of(w, "panels"), panels(cout) * rows * 8);
  for (let t = 0; t < taps; t++) {
    const tap = bytes.int(of(w, "tapList"), t);
    for (let ci = 0; ci < cin; ci++) {
      const row = t * physical + bytes.int(of(w, "cinMap"), ci);
      for (let co = 0; co < cout; co++) {
        const scale = of(w, "scale") === 0 ? 1 : bytes.get(of(w, "scale"), co);
        const value = bytes.get(of(w, "w"), (tap * cin + ci) * of(w, "rowStride") + co);
        bytes.set(of(w, "panels"), packed(rows, row, co), value * scale);
      }
    }
  }
};

const packGemmTransposed: Run = (bytes, w) => {
  const [taps, cin, cout] = [of(w, "taps"), of(w, "cin"), of(w, "cout")];
  const rows = taps * of(w, "coutPhysical");
  fill(bytes, of(w, "panels"), panels(of(w, "cinPhysical")) * rows * 8);
  for (let t = 0; t < taps; t++) {
    const tap = bytes.int(of(w, "tapList"), t);
    for (let ci = 0; ci < cin; ci++) {
      const column = bytes.int(of(w, "cinMap"), ci);
      for (let co = 0; co < cout; co++) {
        const value = bytes.get(of(w, "w"), (tap * cin + ci) * of(w, "rowStride") + co);
        const row = t * of(w, "coutPhysical") + co;
        bytes.set(of(w, "panels"), packed(rows, row, column), value);
      }
    }
  }
};

/** A source pixel's index among all pixels of all images; nothing outside the map. */
function pixelAt(w: Given, image: number, y: number, x: number): number | undefined {
  const [height, width] = [of(w, "height"), of(w, "width")];
  if (y < 0 || x < 0 || y >= height || x >= width) return undefined;
  return (image * height + y) * width + x;
}

/** Calls back for every pixel of the grid. */
function eachPixel(
  w: Given,
  { images }: Call,
  visit: (image: number, row: number, column: number) => void,
): void {
  for (let image = 0; image < images; image++) {
    for (let row = 0; row < of(w, "rows"); row++) {
      for (let column = 0; column < of(w, "columns"); column++) visit(image, row, column);
    }
  }
}

/** Sums and sums of squares of what is written: all in the first thread's part. */
class Partials {
  readonly #bytes: Bytes;
  readonly #address: number;
  readonly #channels: number;

  constructor(bytes: Bytes, address: number, channels: number, { threads }: Call) {
    this.#bytes = bytes;
    this.#address = address;
    this.#channels = channels;
    if (address === 0) return;
    for (let i = 0; i < threads * 2 * channels; i++) bytes.setDouble(address, i, 0);
  }

  add(channel: number, value: number): void {
    if (this.#address === 0) return;
    const add = (at: number, more: number): void => {
      this.#bytes.setDouble(this.#address, at, this.#bytes.double(this.#address, at) + more);
    };
    add(channel, value);
    add(this.#channels + channel, value * value);
  }
}

/** Bias, addition, activation, sums: what happens to a product on its way. */
function write(
  bytes: Bytes,
  w: Given,
  partials: Partials,
  to: { readonly at: number; readonly channel: number; readonly value: number },
): void {
  const { at, channel } = to;
  const bias = of(w, "bias") === 0 ? 0 : bytes.get(of(w, "bias"), channel);
  const before = (w["accumulate"] ?? 0) === 0 ? 0 : bytes.get(of(w, "y"), at);
  bytes.set(of(w, "y"), at, activated(to.value + bias + before, of(w, "activation")));
  partials.add(channel, bytes.get(of(w, "y"), at));
}

const convGemm: Run = (bytes, w, call) => {
  const [channels, taps, filters] = [of(w, "channels"), of(w, "taps"), of(w, "filters")];
  const partials = new Partials(bytes, of(w, "partials"), upTo4(filters), call);
  eachPixel(w, call, (image, row, column) => {
    const top = of(w, "yTop") + row * of(w, "yStepY");
    const left = of(w, "yLeft") + column * of(w, "yStepX");
    const pixel = (image * of(w, "yHeight") + top) * of(w, "yWidth") + left;
    for (let f = 0; f < upTo4(filters); f++) {
      let sum = 0;
      for (let t = 0; t < taps; t++) {
        const y = row * of(w, "strideY") + bytes.int(of(w, "offsets"), 2 * t);
        const x = column * of(w, "strideX") + bytes.int(of(w, "offsets"), 2 * t + 1);
        const source = pixelAt(w, image, y, x);
        if (source === undefined) continue;
        for (let c = 0; c < channels; c++) {
          const weight = bytes.get(of(w, "panels"), packed(taps * channels, t * channels + c, f));
          sum += bytes.get(of(w, "x"), source * of(w, "xStride") + c) * weight;
        }
      }
      write(bytes, w, partials, { at: pixel * of(w, "yStride") + f, channel: f, value: sum });
    }
  });
};

const convGemmGradient: Run = (bytes, w, call) => {
  const [channels, taps, filters] = [of(w, "channels"), of(w, "taps"), of(w, "filters")];
  const columns = panels(filters) * 8;
  for (let thread = 0; thread < call.threads; thread++) {
    fill(bytes, of(w, "sums") + thread * of(w, "sumsStride"), taps * channels * columns);
  }
  eachPixel(w, call, (image, row, column) => {
    const pixel = (image * of(w, "rows") + row) * of(w, "columns") + column;
    for (let t = 0; t < taps; t++) {
      const y = row * of(w, "strideY") + bytes.int(of(w, "offsets"), 2 * t);
      const x = column * of(w, "strideX") + bytes.int(of(w, "offsets"), 2 * t + 1);
      const source = pixelAt(w, image, y, x);
      if (source === undefined) continue;
      for (let c = 0; c < channels; c++) {
        const value = bytes.get(of(w, "x"), source * of(w, "xStride") + c);
        for (let f = 0; f < filters; f++) {
          const dy = bytes.get(of(w, "dy"), pixel * of(w, "dyStride") + f);
          bytes.add(of(w, "sums"), (t * channels + c) * columns + f, value * dy);
        }
      }
    }
  });
};

const reduceGemmGradient: Run = (bytes, w, { threads }) => {
  const [cin, filters] = [of(w, "cin"), of(w, "filters")];
  const columns = panels(filters) * 8;
  for (let t = 0; t < of(w, "taps"); t++) {
    for (let ci = 0; ci < cin; ci++) {
      const row = t * of(w, "channels") + bytes.int(of(w, "cinMap"), ci);
      for (let f = 0; f < filters; f++) {
        let sum = 0;
        for (let thread = 0; thread < threads; thread++) {
          sum += bytes.get(of(w, "sums") + thread * of(w, "sumsStride"), row * columns + f);
        }
        bytes.set(of(w, "gradient"), (t * cin + ci) * of(w, "rowStride") + f, sum);
      }
    }
  }
};

/** Puts 3 × 3 weights into the first nine planes; turned, for the gradient of the input. */
function packTaps(bytes: Bytes, w: Given, isTurned: boolean): void {
  const [cin, cout] = [of(w, "cin"), of(w, "cout")];
  const rows = isTurned ? of(w, "coutPhysical") : of(w, "cinPhysical");
  const columns = isTurned ? of(w, "cinPhysical") : cout;
  for (let tap = 0; tap < 9; tap++) {
    const plane = of(w, "u") + tap * of(w, "planeStride") * 4;
    fill(bytes, plane, panels(columns) * rows * 8);
    for (let ci = 0; ci < cin; ci++) {
      const position = bytes.int(of(w, "cinMap"), ci);
      for (let co = 0; co < cout; co++) {
        const scale = (w["scale"] ?? 0) === 0 ? 1 : bytes.get(of(w, "scale"), co);
        const from = isTurned ? 8 - tap : tap;
        const value = bytes.get(of(w, "w"), (from * cin + ci) * cout + co) * scale;
        const at = isTurned ? packed(rows, co, position) : packed(rows, position, co);
        bytes.set(plane, at, value);
      }
    }
  }
}

/** A weight, out of the planes or straight from the network's layout. */
function tapWeight(bytes: Bytes, w: Given, tap: number, c: number, f: number): number {
  if (of(w, "u") !== 0) {
    const plane = of(w, "u") + tap * of(w, "planeStride") * 4;
    return bytes.get(plane, packed(of(w, "channels"), c, f));
  }
  const [cin, cout] = [of(w, "cin"), of(w, "cout")];
  const isTurned = of(w, "turned") !== 0;
  const [position, co] = isTurned ? [f, c] : [c, f];
  if (co >= cout) return 0;
  for (let ci = 0; ci < cin; ci++) {
    if (bytes.int(of(w, "cinMap"), ci) !== position) continue;
    return bytes.get(of(w, "w"), ((isTurned ? 8 - tap : tap) * cin + ci) * cout + co);
  }
  return 0;
}

const winograd: Run = (bytes, w, call) => {
  const [channels, filters] = [of(w, "channels"), of(w, "filters")];
  const partials = new Partials(bytes, of(w, "partials"), filters, call);
  const weights = Float64Array.from({ length: 9 * channels * filters }, (_, i) => {
    const [f, c] = [i % filters, Math.floor(i / filters) % channels];
    return tapWeight(bytes, w, Math.floor(i / filters / channels), c, f);
  });
  eachPixel(w, call, (image, row, column) => {
    const sums = new Float64Array(filters);
    for (let tap = 0; tap < 9; tap++) {
      const y = row - of(w, "padTop") + Math.floor(tap / 3);
      const source = pixelAt(w, image, y, column - of(w, "padLeft") + (tap % 3));
      if (source === undefined) continue;
      for (let c = 0; c < channels; c++) {
        const value = bytes.get(of(w, "x"), source * of(w, "xStride") + c);
        for (let f = 0; f < filters; f++) {
          sums[f] = (sums[f] ?? 0) + value * (weights[(tap * channels + c) * filters + f] ?? 0);
        }
      }
    }
    const pixel = (image * of(w, "rows") + row) * of(w, "columns") + column;
    sums.forEach((value, channel) => {
      write(bytes, w, partials, { at: pixel * of(w, "yStride") + channel, channel, value });
    });
  });
};

const winogradGradient: Run = (bytes, w, call) => {
  const [channels, filters] = [of(w, "channels"), of(w, "filters")];
  const columns = panels(filters) * 8;
  const copies = of(w, "sumsStride") === 0 ? 1 : call.threads;
  for (let copy = 0; copy < copies; copy++) {
    for (let tap = 0; tap < 9; tap++) {
      const plane = copy * of(w, "sumsStride") + tap * of(w, "planeStride") * 4;
      fill(bytes, of(w, "sums") + plane, channels * columns);
    }
  }
  eachPixel(w, call, (image, row, column) => {
    const pixel = (image * of(w, "rows") + row) * of(w, "columns") + column;
    for (let tap = 0; tap < 9; tap++) {
      const y = row - of(w, "padTop") + Math.floor(tap / 3);
      const source = pixelAt(w, image, y, column - of(w, "padLeft") + (tap % 3));
      if (source === undefined) continue;
      const plane = of(w, "sums") + tap * of(w, "planeStride") * 4;
      for (let c = 0; c < channels; c++) {
        const value = bytes.get(of(w, "x"), source * of(w, "xStride") + c);
        for (let f = 0; f < filters; f++) {
          const dy = bytes.get(of(w, "dy"), pixel * of(w, "dyStride") + f);
          bytes.add(plane, c * columns + f, value * dy);
        }
      }
    }
  });
};

const reduceWinogradGradient: Run = (bytes, w, { threads }) => {
  const [cin, cout] = [of(w, "cin"), of(w, "cout")];
  const columns = panels(cout) * 8;
  const copies = of(w, "sumsStride") === 0 ? 1 : threads;
  for (let tap = 0; tap < 9; tap++) {
    for (let ci = 0; ci < cin; ci++) {
      const row = bytes.int(of(w, "cinMap"), ci);
      for (let co = 0; co < cout; co++) {
        let sum = 0;
        for (let copy = 0; copy < copies; copy++) {
          const plane = copy * of(w, "sumsStride") + tap * of(w, "planeStride") * 4;
          sum += bytes.get(of(w, "sums") + plane, row * columns + co);
        }
        bytes.set(of(w, "gradient"), (tap * cin + ci) * cout + co, sum);
      }
    }
  }
};

const packDepthwise: Run = (bytes, w) => {
  const [channels, physical] = [of(w, "channels"), of(w, "physical")];
  fill(bytes, of(w, "packed"), of(w, "taps") * physical);
  for (let t = 0; t < of(w, "taps"); t++) {
    for (let c = 0; c < channels; c++) {
      const scale = of(w, "scale") === 0 ? 1 : bytes.get(of(w, "scale"), c);
      const value = bytes.get(of(w, "w"), t * channels + c) * scale;
      bytes.set(of(w, "packed"), t * physical + bytes.int(of(w, "map"), c), value);
    }
  }
};

/** Calls back for every tap of every window that lies on a pixel. */
function eachTap(
  w: Given,
  call: Call,
  visit: (output: number, source: number, tap: number) => void,
): void {
  eachPixel(w, call, (image, row, column) => {
    const output = (image * of(w, "rows") + row) * of(w, "columns") + column;
    for (let ky = 0; ky < of(w, "kernelHeight"); ky++) {
      for (let kx = 0; kx < of(w, "kernelWidth"); kx++) {
        const y = row * of(w, "strideY") - of(w, "padTop") + ky;
        const source = pixelAt(w, image, y, column * of(w, "strideX") - of(w, "padLeft") + kx);
        if (source !== undefined) visit(output, source, ky * of(w, "kernelWidth") + kx);
      }
    }
  });
}

const depthwise: Run = (bytes, w, call) => {
  const channels = of(w, "channels");
  const partials = new Partials(bytes, of(w, "partials"), channels, call);
  const outputs = call.images * of(w, "rows") * of(w, "columns");
  const sums = new Float64Array(outputs * channels);
  eachTap(w, call, (output, source, tap) => {
    for (let c = 0; c < channels; c++) {
      const at = output * channels + c;
      const value = bytes.get(of(w, "x"), source * of(w, "xStride") + c);
      sums[at] = (sums[at] ?? 0) + value * bytes.get(of(w, "w"), tap * channels + c);
    }
  });
  for (let output = 0; output < outputs; output++) {
    for (let channel = 0; channel < channels; channel++) {
      const value = sums[output * channels + channel] ?? 0;
      write(bytes, w, partials, { at: output * of(w, "yStride") + channel, channel, value });
    }
  }
};

const depthwiseInput: Run = (bytes, w, call) => {
  const channels = of(w, "channels");
  const pixels = call.images * of(w, "height") * of(w, "width");
  if (of(w, "accumulate") === 0) {
    for (let p = 0; p < pixels; p++) fill(bytes, of(w, "dx") + p * of(w, "dxStride") * 4, channels);
  }
  eachTap(w, call, (output, source, tap) => {
    for (let c = 0; c < channels; c++) {
      const dy = bytes.get(of(w, "dy"), output * of(w, "dyStride") + c);
      const weight = bytes.get(of(w, "w"), tap * channels + c);
      bytes.add(of(w, "dx"), source * of(w, "dxStride") + c, dy * weight);
    }
  });
};

const depthwiseGradient: Run = (bytes, w, call) => {
  const channels = of(w, "channels");
  const taps = of(w, "kernelHeight") * of(w, "kernelWidth");
  for (let thread = 0; thread < call.threads; thread++) {
    fill(bytes, of(w, "sums") + thread * of(w, "sumsStride"), taps * channels);
  }
  eachTap(w, call, (output, source, tap) => {
    for (let c = 0; c < channels; c++) {
      const dy = bytes.get(of(w, "dy"), output * of(w, "dyStride") + c);
      const value = bytes.get(of(w, "x"), source * of(w, "xStride") + c);
      bytes.add(of(w, "sums"), tap * channels + c, dy * value);
    }
  });
};

const reduceDepthwiseGradient: Run = (bytes, w, { threads }) => {
  const logical = of(w, "logical");
  for (let t = 0; t < of(w, "taps"); t++) {
    for (let c = 0; c < logical; c++) {
      const at = t * of(w, "channels") + bytes.int(of(w, "map"), c);
      let sum = 0;
      for (let thread = 0; thread < threads; thread++) {
        sum += bytes.get(of(w, "sums") + thread * of(w, "sumsStride"), at);
      }
      bytes.set(of(w, "gradient"), t * logical + c, sum);
    }
  }
};

export const CONVOLUTIONS = {
  packGemm,
  packGemmTransposed,
  convGemm,
  convGemmGradient,
  reduceGemmGradient,
  packWinograd: (bytes, w) => packTaps(bytes, w, false),
  packWinogradTransposed: (bytes, w) => packTaps(bytes, w, true),
  winograd,
  winogradGradient,
  reduceWinogradGradient,
  packDepthwise,
  depthwise,
  depthwiseInput,
  depthwiseGradient,
  reduceDepthwiseGradient,
} satisfies Record<string, Run>;
