/**
 * @file The response headers of Espalier, for the development server, the preview server and the
 * browser tests.
 * Whoever hosts `dist/` elsewhere should send the same.
 */

/** Makes the page cross-origin isolated, so that workers may share memory. */
export const ISOLATION_HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
} as const;

/**
 * What the page may load, all of it from its own origin.
 * - `wasm-unsafe-eval` compiles WebAssembly and allows no other evaluation of text.
 * - `style-src 'unsafe-inline'`: Mantine writes its theme into a style element and sets style
 *   attributes at run time. Styles cannot run code; scripts stay strict.
 * - No `blob:` for workers: TensorFlow.js would need it for its threaded WebAssembly build only,
 *   which Espalier does not use.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data: blob:",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
] as const;

/**
 * The policy as the built page's `<meta>` element states it, without `frame-ancestors`, which
 * browsers ignore there. It adds Trusted Types (the policy is `public/trusted-types.js`), which so
 * bind the page alone: a worker's own workers are files of this origin by `worker-src`.
 */
export const META_POLICY = [
  ...POLICY,
  "require-trusted-types-for 'script'",
  "trusted-types default",
].join("; ");

/** Everything the built app is served with. */
export const PAGE_HEADERS = {
  ...ISOLATION_HEADERS,
  "Content-Security-Policy": [...POLICY, "frame-ancestors 'none'"].join("; "),
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
} as const;
