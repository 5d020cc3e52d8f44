/**
 * @file Serves the folder `data/` at `/data` in development and in preview. The images are not in
 * `public/`, because Vite would copy 184 MB into every build. A path that is not there answers 404
 * with plain text: a page in place of an image file would be read as one.
 */

import type { IncomingMessage, ServerResponse } from "node:http";
import { resolve } from "node:path";
import sirv from "sirv";
import type { Connect, Plugin } from "vite";

/** @param headers sent with every answer, missing files included */
export function serveData(headers: Readonly<Record<string, string>>): Plugin {
  const handlerFor = (root: string): Connect.NextHandleFunction => {
    // `dev` makes sirv look at the disk each time: the folder may appear while the server runs.
    const files = sirv(resolve(root, "data"), {
      dev: true,
      etag: true,
      setHeaders: (response: ServerResponse, path: string) => {
        // sirv calls every .gz a gzip-encoded response, and the browser would unpack the archive
        // before the reader that expects an archive sees it. sirv keeps what is set before it.
        if (path.endsWith(".gz")) {
          response.setHeader("Content-Encoding", "identity");
          response.setHeader("Content-Type", "application/gzip");
        }
        setAll(response, headers);
      },
    });
    return (request: IncomingMessage, response: ServerResponse) => {
      files(request, response, () => {
        setAll(response, headers);
        response.statusCode = 404;
        response.setHeader("Content-Type", "text/plain; charset=utf-8");
        response.end("Not found. `npm run setup` fetches the images.\n");
      });
    };
  };
  return {
    name: "espalier:serve-data",
    configureServer: ({ config, middlewares }) => {
      middlewares.use("/data", handlerFor(config.root));
    },
    configurePreviewServer: ({ config, middlewares }) => {
      middlewares.use("/data", handlerFor(config.root));
    },
  };
}

function setAll(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}
