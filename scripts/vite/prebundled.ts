/**
 * @file The packages that Vite's development server prepares before the first request. What is found
 * later, inside a worker or a test, makes it reload the page in the middle of the work.
 */

export const PREBUNDLED = [
  "@noble/hashes/sha2.js",
  "@noble/hashes/utils.js",
  "@tensorflow/tfjs-backend-cpu",
  "@tensorflow/tfjs-backend-wasm",
  "@tensorflow/tfjs-backend-webgpu",
  "@tensorflow/tfjs-core",
  "@tensorflow/tfjs-core/dist/register_all_gradients",
  "comlink",
  "fflate",
  "idb",
  "modern-tar",
  "pure-rand/distribution/uniformInt",
  "pure-rand/generator/xoroshiro128plus",
  "valibot",
];

/** What tests of the page's parts need besides. */
export const PAGE_PACKAGES = [
  "@mantine/core",
  "lucide-react",
  "react",
  "react-dom/client",
  "react/jsx-dev-runtime",
  "react/jsx-runtime",
  "zustand",
  "zustand/vanilla",
];
