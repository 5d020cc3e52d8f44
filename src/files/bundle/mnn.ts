/**
 * @file What MNN needs to take the bundle's ONNX file and to make int8 of it: its
 * converter's command line, and the settings of its calibration. MNN computes (pixel − mean) · normal on
 * bytes, in RGB order as the network was trained: mean = 255 · m, normal = 1 / (255 · s).
 */
import type { About } from "./about.ts";

const FORMATS: ReadonlyMap<number, string> = new Map([
  [1, "GRAY"],
  [3, "RGB"],
]);

/** Enough for KL calibration, which wants 100 to 1000. */
const IMAGES = 500;

const ASSUMED = `# How pixels were normalized is not known; calibration.json assumes it.
`;

/** The shell script, to be run anywhere; int8 only once there are pictures to calibrate with. */
export function mnnConvert(about: About): string {
  const convert = `#!/bin/sh
# ONNX to MNN. The tools come with MNN, built with
# MNN_BUILD_CONVERTER and MNN_BUILD_QUANTOOLS.
set -e
cd "$(dirname "$0")"
MNNConvert -f ONNX --modelFile ../network.onnx \\
  --MNNModel network.mnn --bizCode espalier
`;
  if (mnnCalibration(about) === undefined) return convert;
  return `${convert}
# To int8, once 100 to 1000 training images lie in
# calibration/ as pictures. Measure before you use it.
${about.isAssumed ? ASSUMED : ""}if [ -d calibration ]; then
  quantized.out network.mnn network-int8.mnn calibration.json
fi
`;
}

/** The calibration's settings; nothing where the input is no picture. */
export function mnnCalibration({ input, normalization }: About): object | undefined {
  const [height, width, channels = 0] = input;
  const format = FORMATS.get(channels);
  if (format === undefined) return undefined;
  // Seven digits are all that a float32 has.
  const float = (value: number): number => Number(value.toPrecision(7));
  return {
    format,
    mean: normalization.mean.map((mean) => float(255 * mean)),
    normal: normalization.std.map((deviation) => float(1 / (255 * deviation))),
    width,
    height,
    path: "calibration/",
    used_image_num: IMAGES,
    feature_quantize_method: "KL",
    weight_quantize_method: "MAX_ABS",
  };
}
