/** @file Everything between two convolutions, and the update, as the instructions say it. */
import { CONTROL } from "../instructions.ts";
import {
  activated,
  eachValue,
  isOpen,
  word as of,
  type Bytes,
  type Call,
  type Given,
  type Run,
} from "./bytes.ts";

const activate: Run = (bytes, w, call) => {
  eachValue(w, call, (p, c) => {
    const value = bytes.get(of(w, "x"), p * of(w, "xStride") + c);
    bytes.set(of(w, "y"), p * of(w, "yStride") + c, activated(value, of(w, "activation")));
  });
};

const activateGradient: Run = (bytes, w, call) => {
  eachValue(w, call, (p, c) => {
    const activation = of(w, "activation");
    const output = activation === 0 ? 1 : bytes.get(of(w, "y"), p * of(w, "yStride") + c);
    const dy = bytes.get(of(w, "dy"), p * of(w, "dyStride") + c);
    const at = p * of(w, "dxStride") + c;
    const before = of(w, "accumulate") === 0 ? 0 : bytes.get(of(w, "dx"), at);
    bytes.set(of(w, "dx"), at, before + (isOpen(output, activation) ? dy : 0));
  });
};

const add: Run = (bytes, w, call) => {
  eachValue(w, call, (p, c) => {
    const a = bytes.get(of(w, "a"), p * of(w, "aStride") + c);
    const b = bytes.get(of(w, "b"), p * of(w, "bStride") + c);
    bytes.set(of(w, "y"), p * of(w, "yStride") + c, activated(a + b, of(w, "activation")));
  });
};

/** Calls back for every window with the pixels of it that are there, in order. */
function eachWindow(
  w: Given,
  { images }: Call,
  visit: (output: number, pixels: readonly number[]) => void,
): void {
  const [height, width] = [of(w, "height"), of(w, "width")];
  for (let image = 0; image < images; image++) {
    for (let row = 0; row < of(w, "rows"); row++) {
      for (let column = 0; column < of(w, "columns"); column++) {
        const pixels: number[] = [];
        for (let ky = 0; ky < of(w, "kernelHeight"); ky++) {
          for (let kx = 0; kx < of(w, "kernelWidth"); kx++) {
            const y = row * of(w, "strideY") - of(w, "padTop") + ky;
            const x = column * of(w, "strideX") - of(w, "padLeft") + kx;
            if (y < 0 || x < 0 || y >= height || x >= width) continue;
            pixels.push((image * height + y) * width + x);
          }
        }
        visit((image * of(w, "rows") + row) * of(w, "columns") + column, pixels);
      }
    }
  }
}

const maxPool: Run = (bytes, w, call) => {
  eachWindow(w, call, (output, pixels) => {
    for (let c = 0; c < of(w, "channels"); c++) {
      const all = pixels.map((pixel) => bytes.get(of(w, "x"), pixel * of(w, "xStride") + c));
      bytes.set(of(w, "y"), output * of(w, "yStride") + c, Math.max(...all));
    }
  });
};

const averagePool: Run = (bytes, w, call) => {
  eachWindow(w, call, (output, pixels) => {
    for (let c = 0; c < of(w, "channels"); c++) {
      let sum = 0;
      for (const pixel of pixels) sum += bytes.get(of(w, "x"), pixel * of(w, "xStride") + c);
      bytes.set(of(w, "y"), output * of(w, "yStride") + c, sum / pixels.length);
    }
  });
};

/** Empties dx [pixels][width] unless there is something to add to. */
function empty(bytes: Bytes, w: Given, pixels: number, width: number): void {
  if (of(w, "accumulate") !== 0) return;
  for (let p = 0; p < pixels; p++) {
    for (let c = 0; c < width; c++) bytes.set(of(w, "dx"), p * of(w, "dxStride") + c, 0);
  }
}

const maxPoolGradient: Run = (bytes, w, call) => {
  empty(bytes, w, of(w, "height") * of(w, "width") * call.images, of(w, "channels"));
  eachWindow(w, call, (output, pixels) => {
    for (let c = 0; c < of(w, "channels"); c++) {
      const all = pixels.map((pixel) => bytes.get(of(w, "x"), pixel * of(w, "xStride") + c));
      const best = pixels[all.indexOf(Math.max(...all))] ?? 0;
      const dy = bytes.get(of(w, "dy"), output * of(w, "dyStride") + c);
      bytes.add(of(w, "dx"), best * of(w, "dxStride") + c, dy);
    }
  });
};

const averagePoolGradient: Run = (bytes, w, call) => {
  empty(bytes, w, of(w, "height") * of(w, "width") * call.images, of(w, "channels"));
  eachWindow(w, call, (output, pixels) => {
    for (let c = 0; c < of(w, "channels"); c++) {
      const share = bytes.get(of(w, "dy"), output * of(w, "dyStride") + c) / pixels.length;
      for (const pixel of pixels) bytes.add(of(w, "dx"), pixel * of(w, "dxStride") + c, share);
    }
  });
};

const gather: Run = (bytes, w, call) => {
  eachValue(w, call, (p, j) => {
    const source = bytes.int(of(w, "gather"), j);
    const value = source < 0 ? 0 : bytes.get(of(w, "x"), p * of(w, "xStride") + source);
    bytes.set(of(w, "y"), p * of(w, "yStride") + j, value);
  });
};

const gatherGradient: Run = (bytes, w, call) => {
  empty(bytes, w, of(w, "pixels") * call.images, of(w, "sources"));
  eachValue(w, call, (p, j) => {
    const source = bytes.int(of(w, "gather"), j);
    const dy = bytes.get(of(w, "dy"), p * of(w, "dyStride") + j);
    if (source >= 0) bytes.add(of(w, "dx"), p * of(w, "dxStride") + source, dy);
  });
};

/** A row's softmax. */
function shares(bytes: Bytes, w: Given, row: number): readonly number[] {
  return softmaxOf(bytes, of(w, "x"), row * of(w, "xStride"), of(w, "classes"));
}

function softmaxOf(
  bytes: Bytes,
  address: number,
  start: number,
  classes: number,
  temperature = 1,
): readonly number[] {
  const logits = Array.from(
    { length: classes },
    (_, c) => bytes.get(address, start + c) / temperature,
  );
  const top = Math.max(...logits);
  const powers = logits.map((value) => Math.exp(value - top));
  const total = powers.reduce((sum, value) => sum + value, 0);
  return powers.map((value) => value / total);
}

const softmax: Run = (bytes, w, { images }) => {
  for (let row = 0; row < images; row++) {
    shares(bytes, w, row).forEach((value, c) => {
      bytes.set(of(w, "y"), row * of(w, "yStride") + c, value);
    });
  }
};

const crossEntropyGradient: Run = (bytes, w, { images }) => {
  const weight = bytes.floats[CONTROL.teacherWeight] ?? 0;
  const temperature = bytes.floats[CONTROL.teacherTemperature] ?? 1;
  const classes = of(w, "classes");
  for (let row = 0; row < images; row++) {
    const values = shares(bytes, w, row);
    const label = bytes.int(of(w, "labels"), row);
    for (let c = 0; c < of(w, "channels"); c++) {
      const value = ((1 - weight) * ((values[c] ?? 0) - (c === label ? 1 : 0))) / images;
      bytes.set(of(w, "dx"), row * of(w, "dxStride") + c, value);
    }
    if (weight === 0) continue;
    const own = softmaxOf(bytes, of(w, "x"), row * of(w, "xStride"), classes, temperature);
    const its = softmaxOf(bytes, of(w, "teacher"), row * classes, classes, temperature);
    own.forEach((value, c) => {
      const pull = (weight * temperature * (value - (its[c] ?? 0))) / images;
      bytes.add(of(w, "dx"), row * of(w, "dxStride") + c, pull);
    });
  }
};

const spreadImages: Run = (bytes, w, { images }) => {
  const channels = of(w, "channels");
  for (let p = 0; p < of(w, "pixels") * images; p++) {
    for (let c = 0; c < of(w, "stride"); c++) {
      const value = c < channels ? bytes.get(of(w, "from"), p * channels + c) : 0;
      bytes.set(of(w, "to"), p * of(w, "stride") + c, value);
    }
  }
};

const packImages: Run = (bytes, w, { images }) => {
  const channels = of(w, "channels");
  for (let p = 0; p < of(w, "pixels") * images; p++) {
    for (let c = 0; c < channels; c++) {
      const value = bytes.get(of(w, "from"), p * of(w, "stride") + c);
      bytes.set(of(w, "to"), p * channels + c, value);
    }
  }
};

const zero: Run = (bytes, w, call) => {
  eachValue(w, call, (p, c) => bytes.set(of(w, "y"), p * of(w, "yStride") + c, 0));
};

const copy: Run = (bytes, w) => {
  for (let i = 0; i < of(w, "count"); i++) bytes.set(of(w, "to"), i, bytes.get(of(w, "from"), i));
};

const sgd: Run = (bytes, w) => {
  const count = of(w, "count");
  const setting = (name: keyof typeof CONTROL): number => bytes.get(0, CONTROL[name]);
  const isProximal = bytes.int(0, CONTROL.proximal) !== 0;
  const scales = new Set<number>();
  for (let s = 0; s < of(w, "scaleCount"); s++) {
    const end = bytes.int(of(w, "scales"), 2 * s + 1);
    for (let i = bytes.int(of(w, "scales"), 2 * s); i < end; i++) scales.add(i);
  }
  for (let i = 0; i < count; i++) {
    bytes.set(of(w, "shadow"), i, bytes.get(of(w, "weights"), i));
    bytes.set(of(w, "shadow"), count + i, bytes.get(of(w, "velocities"), i));
  }
  bytes.whole[CONTROL.stage] = 1;
  for (let i = 0; i < count; i++) {
    const before = bytes.get(of(w, "weights"), i);
    const sparsity = scales.has(i) ? setting("sparsity") : 0;
    let g = bytes.get(of(w, "gradients"), i);
    if (!isProximal) g += sparsity * Math.sign(before);
    g += setting("weightDecay") * before;
    const v = setting("momentum") * bytes.get(of(w, "velocities"), i) + g;
    let after = before - setting("learningRate") * v;
    if (isProximal) {
      after = Math.sign(after) * Math.max(Math.abs(after) - setting("learningRate") * sparsity, 0);
    }
    bytes.set(of(w, "velocities"), i, v);
    bytes.set(of(w, "weights"), i, after);
    if (!Number.isFinite(bytes.get(of(w, "weights"), i))) bytes.whole[CONTROL.notFinite] = 1;
  }
  bytes.whole[CONTROL.stage] = 2;
};

const freeze: Run = (bytes, w) => {
  const alive = new Uint8Array(bytes.whole.buffer, bytes.whole.byteOffset + of(w, "alive"));
  for (let i = 0; i < of(w, "count"); i++) if (alive[i] === 0) bytes.set(of(w, "values"), i, 0);
};

const checkFinite: Run = (bytes, w) => {
  for (let i = 0; i < of(w, "count"); i++) {
    if (!Number.isFinite(bytes.get(of(w, "values"), i))) bytes.whole[CONTROL.notFinite] = 1;
  }
};

export const REST = {
  activate,
  activateGradient,
  add,
  maxPool,
  maxPoolGradient,
  averagePool,
  averagePoolGradient,
  gather,
  gatherGradient,
  softmax,
  crossEntropyGradient,
  spreadImages,
  packImages,
  zero,
  copy,
  sgd,
  freeze,
  checkFinite,
} satisfies Record<string, Run>;
