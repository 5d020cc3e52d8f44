/** @file What was dropped on the page, folders opened, each file with the path it had. */
import type { DroppedFile } from "../../files/index.ts";

/**
 * Files of a drop. Call it in the event itself: the list of what was dropped is empty afterwards.
 * Folders that cannot be read are left out, as the system's own dialog does.
 */
export function droppedFiles(transfer: DataTransfer): Promise<readonly DroppedFile[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
  const files = [...transfer.files];
  const folders = entries.filter((entry) => entry?.isDirectory === true);
  if (folders.length === 0)
    return Promise.resolve(files.map((file) => ({ file, path: file.name })));
  return walk(entries.filter((entry) => entry !== null));
}

/** Depth first and without recursion: folders may lie as deep as they like. */
async function walk(start: readonly FileSystemEntry[]): Promise<readonly DroppedFile[]> {
  const found: DroppedFile[] = [];
  const open = [...start].toReversed();
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    const path = entry.fullPath.replace(/^\//, "");
    if (isFile(entry)) {
      const file = await fileOf(entry);
      if (file !== undefined) found.push({ file, path });
    } else if (isFolder(entry)) {
      open.push(...(await membersOf(entry)).toReversed());
    }
  }
  return found;
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

function fileOf(entry: FileSystemFileEntry): Promise<File | undefined> {
  return new Promise((resolve) => {
    entry.file(resolve, () => resolve(undefined));
  });
}

/** All members: a reader gives a hundred at a time and an empty list at the end. */
async function membersOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const members: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve) => {
      reader.readEntries(resolve, () => resolve([]));
    });
    if (some.length === 0) return members;
    members.push(...some);
  }
}
