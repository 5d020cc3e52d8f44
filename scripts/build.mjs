/**
 * @file `npm run build`: builds the page into `dist/`, up to date or not.
 */

import { ensureApp } from "./build/app.mjs";

await ensureApp((text) => console.log(text), { force: true });
