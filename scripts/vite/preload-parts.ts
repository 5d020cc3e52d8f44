/**
 * @file Names the parts of the program in the built page's head, with all that they are made of. Vite names only what
 * the entry imports at once; for the parts it would add an element each when the entry runs, in one long task, and
 * the browser would hear of them no sooner.
 */

import type { HtmlTagDescriptor, IndexHtmlTransformContext, Plugin } from "vite";

type Bundle = NonNullable<IndexHtmlTransformContext["bundle"]>;
type Chunk = NonNullable<IndexHtmlTransformContext["chunk"]>;

export function preloadParts(): Plugin {
  let base = "/";
  return {
    name: "espalier:preload-parts",
    apply: "build",
    configResolved(config) {
      base = config.base;
    },
    transformIndexHtml: {
      order: "post",
      handler: (html, { bundle, chunk }) => {
        if (bundle === undefined || chunk === undefined) return [];
        const parts = partsOf(chunk, bundle);
        const scripts = parts
          .map(({ fileName }) => fileName)
          .filter((file) => !html.includes(file));
        const styles = new Set(
          parts.flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]),
        );
        return [
          ...scripts.map((file) => linkTo({ rel: "modulepreload", href: base + file })),
          // Not as style sheets: the entry, and with it the engine's worker, would wait for those.
          ...[...styles].map((file) => linkTo({ rel: "preload", as: "style", href: base + file })),
        ];
      },
    },
  };
}

/** What the entry fetches as soon as it runs: each once, after what it imports, as styles must be. */
function partsOf(entry: Chunk, bundle: Bundle): readonly Chunk[] {
  const seen = new Set<string>();
  const withImports = (file: string): readonly Chunk[] => {
    const chunk = bundle[file];
    if (chunk?.type !== "chunk" || seen.has(file)) return [];
    seen.add(file);
    return [...chunk.imports.flatMap(withImports), chunk];
  };
  return entry.dynamicImports.flatMap(withImports);
}

function linkTo(attrs: Readonly<Record<string, string>>): HtmlTagDescriptor {
  return { tag: "link", attrs: { ...attrs, crossorigin: true }, injectTo: "head" };
}
