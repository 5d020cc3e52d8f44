/**
 * @file Builds the page of `train-page/` and serves it: by the project's own Vite configuration, so
 * that it has the product's kernels, headers, policy and images.
 */
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../../src/cli/project.ts";
import { cacheFolder, importVite } from "./project-modules.ts";

const PAGE = "bench/train-page/index.html";

export interface ServedPage {
  readonly url: string;
  close(): Promise<void>;
}

/** @param onnxruntime — where its files lie, when they are there */
export async function servePage(onnxruntime: string | undefined): Promise<ServedPage> {
  const root = projectFolder();
  // One folder for each run: two of them must not build over one another.
  const outDir = cacheFolder(`page-${process.pid}`);
  process.once("exit", () => rmSync(outDir, { recursive: true, force: true }));
  const { build, preview } = await importVite();
  await build({
    root,
    logLevel: "error",
    build: { outDir, emptyOutDir: true, rolldownOptions: { input: join(root, PAGE) } },
  });
  if (onnxruntime !== undefined) {
    cpSync(onnxruntime, join(outDir, "onnxruntime"), { recursive: true });
  }
  const server = await preview({
    root,
    logLevel: "error",
    build: { outDir },
    preview: { port: 0, host: "localhost" },
  });
  const address = server.httpServer.address();
  if (address === null || typeof address === "string") throw new Error("the page is not served");
  return {
    url: `http://localhost:${address.port}/${PAGE}`,
    close: () => server.close(),
  };
}
