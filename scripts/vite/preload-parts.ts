/**
 * @file Names the parts of the program in the built page's head, with all that they are made of. Vite names only what
 * the entry imports at once; for the parts it would add an element each when the entry runs, in one long task, and
 * the browser would hear of them no sooner.
 */

import type { HtmlTagDescriptor, IndexHtmlTransformContext, Plugin } from "vite";

type Bundle = NonNullable<IndexHtmlTransformContext["bundle"]>;
type Chunk = NonNullable<IndexHtmlTransformContext["chunk"]>;

export function preloadParts(): Plugin {
  return {
    name: "espalier:preload-parts",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (html, { bundle, chunk }) => {
        if (bundle === undefined || chunk === undefined) return [];
        const parts = partsOf(chunk, bundle);
        const scripts = parts.map(({ fileName }) => ({ rel: "modulepreload", file: fileName }));
        const styles = parts
          .flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])])
          .map((file) => ({ rel: "stylesheet", file }));
        return [...scripts, ...styles]
          .filter(({ file }) => !html.includes(file))
          .map(({ rel, file }) => linkTo(rel, `/${file}`));
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

function linkTo(rel: string, href: string): HtmlTagDescriptor {
  return { tag: "link", attrs: { rel, crossorigin: true, href }, injectTo: "head" };
}
