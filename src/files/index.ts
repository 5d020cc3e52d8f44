/** @file The door of `files`: bytes ⇄ Network and Dataset. Everything behind it is hostile until validated. */
export { INSIDE, verifyBundle, writeBundle } from "./bundle/write.ts";
export type { BundleDocuments, BundleParts } from "./bundle/write.ts";
export { readCifarShards } from "./cifar/read.ts";
export type { CifarImages, CifarShard } from "./cifar/read.ts";
export { zipFiles } from "./containers/zip-write.ts";
export type { NamedBytes } from "./containers/zip-write.ts";
export { LIMITS } from "./limits.ts";
export { openFiles } from "./open.ts";
export type { Opened } from "./open.ts";
export type { DecodePicture } from "./pictures/read.ts";
export type { Picture } from "./pictures/shrink.ts";
export type { Dropped, DroppedFile, OpenOptions } from "./source.ts";
export { fileName, moduleName } from "./names.ts";
export { snippetsFor } from "./snippets.ts";
export type { Snippet } from "./snippets.ts";
export { exportNetwork, verifyExport } from "./write.ts";
export type { Exported, NetworkFormat } from "./write.ts";
