/** @file The door of `storage`: what lasts beyond a visit. */
export { createIdbShelf } from "./idb-shelf.ts";
export { forgetProject, loadProject, saveProject, soundProject } from "./keep.ts";
export type { FoundProject, SoundProject, TrainingToKeep } from "./keep.ts";
export { readDocument } from "./read.ts";
export { STEPS } from "./schema.ts";
export type { ProjectDocument, ProjectRun, TrainingNote } from "./schema.ts";
export type { Shelf, ShelfTransaction } from "./shelf.ts";
export { createWriter } from "./writer.ts";
export type { Locks } from "./writer.ts";
export { writeTraining } from "./training.ts";
export type { FoundTraining } from "./training.ts";
