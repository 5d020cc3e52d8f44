/**
 * @file Writes the content security policy into the built page, so that it holds on hosts that send
 * no headers of their own. Not in development: Vite's refresh script is inline there.
 */

import type { Plugin } from "vite";
import { META_POLICY } from "./headers.ts";

export function contentPolicy(): Plugin {
  return {
    name: "espalier:content-policy",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: META_POLICY },
        injectTo: "head-prepend",
      },
    ],
  };
}
