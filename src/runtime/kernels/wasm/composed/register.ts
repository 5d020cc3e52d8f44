/**
 * @file The slow reference, and what remains where our own kernels do not load. Registers with
 * TensorFlow.js, for its wasm backend and under the standard names, the kernels that training needs:
 * the gradients of convolution and of gather, which stock tfjs-backend-wasm lacks (tensorflow/tfjs#4326,
 * #8474), the input gradient of convolution, which it runs as plain loops, and that of max-pooling,
 * which it gets wrong at ties. All are composed of the backend's own kernels.
 */
import * as tf from "@tensorflow/tfjs-core";
import {
  depthwiseFilterGradient,
  depthwiseInputGradient,
  filterGradient,
  geometryOf,
  inputGradient,
} from "./convolution-gradients.ts";
import { maxPoolGradient } from "./max-pool-gradient.ts";

type Shape4 = [number, number, number, number];
type Attributes = Parameters<typeof geometryOf>[2];
type Run = (
  inputs: Readonly<Record<string, tf.Tensor>>,
  attributes: Readonly<Record<string, unknown>>,
) => tf.Tensor;

const convolution = (attributes: Readonly<Record<string, unknown>>): Attributes =>
  attributes as unknown as Attributes;

const map = (inputs: Readonly<Record<string, tf.Tensor>>, name: string): tf.Tensor4D =>
  inputs[name] as tf.Tensor4D;

const KERNELS: Readonly<Record<string, Run>> = {
  Conv2DBackpropFilter(inputs, attributes) {
    const [x, dy] = [map(inputs, "x"), map(inputs, "dy")];
    const filter = attributes["filterShape"] as Shape4;
    return filterGradient(
      x,
      dy,
      filter,
      geometryOf(x.shape, filter, convolution(attributes), false),
    );
  },
  Conv2DBackpropInput(inputs, attributes) {
    const [dy, filter] = [map(inputs, "dy"), map(inputs, "filter")];
    const input = attributes["inputShape"] as Shape4;
    const geometry = geometryOf(input, filter.shape, convolution(attributes), false);
    return inputGradient(dy, filter, input, geometry);
  },
  DepthwiseConv2dNativeBackpropFilter(inputs, attributes) {
    const [x, dy] = [map(inputs, "x"), map(inputs, "dy")];
    const filter = attributes["filterShape"] as Shape4;
    const geometry = geometryOf(x.shape, filter, convolution(attributes), true);
    return depthwiseFilterGradient(x, dy, filter, geometry);
  },
  DepthwiseConv2dNativeBackpropInput(inputs, attributes) {
    const [dy, filter] = [map(inputs, "dy"), map(inputs, "filter")];
    const input = attributes["inputShape"] as Shape4;
    const geometry = geometryOf(input, filter.shape, convolution(attributes), true);
    return depthwiseInputGradient(dy, filter, input, geometry);
  },
  /** The gradient of gather: rows added up by segment; an id outside the range adds to nothing. */
  UnsortedSegmentSum(inputs, attributes) {
    const x = inputs["x"] as tf.Tensor;
    const segments = attributes["numSegments"] as number;
    const [n = 0] = x.shape;
    const chosen = tf.cast(tf.oneHot(inputs["segmentIds"] as tf.Tensor1D, segments), "float32");
    const rows = tf.reshape(x, [n, x.size / Math.max(1, n)]) as tf.Tensor2D;
    const sums = tf.matMul(tf.transpose(chosen), rows);
    return tf.reshape(sums, [segments, ...x.shape.slice(1)]);
  },
};

/** Idempotent. Replaces a stock kernel of the same name. */
export function registerComposedKernels(): void {
  for (const [name, run] of Object.entries(KERNELS)) {
    register(name, ({ inputs, attrs }) =>
      tf.tidy(() => run(inputs as Record<string, tf.Tensor>, { ...attrs })),
    );
  }
  register("MaxPoolGrad", ({ inputs, backend, attrs }) =>
    maxPoolGradient(
      backend as Parameters<typeof maxPoolGradient>[0],
      inputs["dy"] as tf.TensorInfo,
      inputs["input"] as tf.TensorInfo,
      attrs as unknown as Parameters<typeof maxPoolGradient>[3],
    ),
  );
}

function register(kernelName: string, kernelFunc: tf.KernelFunc): void {
  if (tf.getKernel(kernelName, "wasm") !== undefined) tf.unregisterKernel(kernelName, "wasm");
  tf.registerKernel({ kernelName, backendName: "wasm", kernelFunc });
}
