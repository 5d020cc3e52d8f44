/**
 * @file Filters and feature maps as pixels, for canvases that show them enlarged. A filter's weights are
 * greys around a middle one, from the most negative, black, to the most positive, white; all pictures of
 * a filter share one scale. With three inputs it is one picture in colour.
 */

/** RGBA, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** A picture with what it is of. */
export interface Picture {
  readonly title: string;
  readonly pixels: Pixels;
}

interface FilterLike {
  readonly height: number;
  readonly width: number;
  readonly inputs: number;
  /** `[height, width, inputs]`. */
  readonly values: Float32Array;
}

interface MapsLike {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** `[height, width, channels]`. */
  readonly values: Float32Array;
}

/** Slices beside the mean one. */
const SLICES = 5;
const MIDDLE = 128;
const COLOURS = 3;

/**
 * A filter's pictures: one in colour for three inputs, one strip of all inputs where there is no window,
 * else the mean over the inputs and the few largest slices, by Σ |w|.
 */
export function filterPictures(filter: FilterLike): readonly Picture[] {
  const { height, width, inputs, values } = filter;
  const most = values.reduce((largest, w) => Math.max(largest, Math.abs(w)), 0);
  if (inputs === COLOURS) {
    const shade = (i: number, c: number): number => values[i * inputs + c] ?? 0;
    return [{ title: "red, green and blue", pixels: paint(width, height, most, shade) }];
  }
  if (height * width === 1 && inputs > 1) {
    const columns = Math.ceil(Math.sqrt(inputs));
    const rows = Math.ceil(inputs / columns);
    const pixels = paint(columns, rows, most, (i) => values[i] ?? 0);
    return [{ title: `its ${inputs} inputs`, pixels }];
  }
  const sliceOf = (input: number): Pixels =>
    paint(width, height, most, (i) => values[i * inputs + input] ?? 0);
  if (inputs === 1) return [{ title: "its one input", pixels: sliceOf(0) }];
  const places = Array.from({ length: height * width }, (_, i) =>
    values.subarray(i * inputs, (i + 1) * inputs),
  );
  const means = places.map((own) => own.reduce((sum, w) => sum + w, 0) / inputs);
  const sizes = Array.from({ length: inputs }, (_, input) =>
    places.reduce((sum, own) => sum + Math.abs(own[input] ?? 0), 0),
  );
  const largest = [...sizes.keys()]
    .sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0))
    .slice(0, SLICES);
  return [
    // Of its own scale: a mean over many inputs is small.
    { title: "mean", pixels: paint(width, height, extentOf(means), (i) => means[i] ?? 0) },
    ...largest.map((input) => ({ title: `input ${input}`, pixels: sliceOf(input) })),
  ];
}

const extentOf = (values: readonly number[]): number =>
  values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);

/** Signed values as greys, or as colours where `valueAt` differs by colour. */
function paint(
  width: number,
  height: number,
  most: number,
  valueAt: (place: number, colour: number) => number,
): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < COLOURS; c++) {
      data[i * 4 + c] = MIDDLE + (most > 0 ? (127 * valueAt(i, c)) / most : 0);
    }
    data[i * 4 + 3] = 255;
  }
  return { width, height, data };
}

/** A feature map with what its black and its white mean. */
export interface MapPicture {
  readonly pixels: Pixels;
  readonly low: number;
  readonly high: number;
}

/** One channel of a node's maps, from its least value, black, to its greatest, white. */
export function mapPicture(
  { height, width, channels, values }: MapsLike,
  channel: number,
): MapPicture {
  let [low, high] = [Infinity, -Infinity];
  for (let i = channel; i < values.length; i += channels) {
    low = Math.min(low, values[i] ?? 0);
    high = Math.max(high, values[i] ?? 0);
  }
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    const value = values[i * channels + channel] ?? 0;
    const grey = high > low ? (255 * (value - low)) / (high - low) : 0;
    data.fill(grey, i * 4, i * 4 + 3);
    data[i * 4 + 3] = 255;
  }
  return { pixels: { width, height, data }, low, high };
}
