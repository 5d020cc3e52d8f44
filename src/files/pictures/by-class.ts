/**
 * @file Pictures in folders, one folder a class, as torchvision's ImageFolder takes them: which picture is of
 * which class, and for training or for testing. Paths alone are looked at.
 */
import { AppError } from "../../core/index.ts";
import { folderOf, showCount } from "../bytes.ts";
import { LIMITS } from "../limits.ts";

export type Role = "training" | "test";

/** A picture's place among the others. */
export interface Placed<T> {
  readonly picture: T;
  readonly label: number;
  readonly role: Role;
}

export interface ByClass<T> {
  /** In alphabetical order, which gives the labels. */
  readonly classes: readonly string[];
  readonly placed: readonly Placed<T>[];
  readonly notes: readonly string[];
}

const TRAINING = /^(?:train|training)$/i;
const TEST = /^(?:test|testing|val|valid|validation)$/i;

/**
 * Sorts pictures by their folders.
 * @param pathOf — with folders, as it was dropped
 * @throws files/missing-part when they lie in fewer than two folders, files/over-limit for more than 256
 */
export function sortByClass<T>(pictures: readonly T[], pathOf: (picture: T) => string): ByClass<T> {
  const found = pictures.map((picture) => {
    const folders = folderOf(pathOf(picture))
      .split(/[\\/]/)
      .filter((name) => name !== "");
    return { picture, name: folders.at(-1) ?? "", role: roleOf(folders.slice(0, -1)) };
  });
  const classes = [...new Set(found.map(({ name }) => name))].toSorted();
  const [first] = pictures;
  const where = first === undefined ? "the drop" : pathOf(first);
  if (classes.length < 2 || classes.includes("")) {
    throw new AppError("files/missing-part", {
      where,
      expected: "pictures in folders, one folder a class",
      found: classes.includes("") ? "pictures outside of folders" : "one folder",
      hint: "drop the folder that holds the classes' folders",
    });
  }
  if (classes.length > LIMITS.pictureClasses) {
    throw new AppError("files/over-limit", {
      where,
      expected: `at most ${LIMITS.pictureClasses} classes`,
      found: showCount(classes.length),
    });
  }
  const isSplit = found.some(({ role }) => role !== undefined);
  return {
    classes,
    placed: found.map(({ picture, name, role }) => ({
      picture,
      label: classes.indexOf(name),
      role: role ?? "test",
    })),
    notes: isSplit ? [] : ["no folder is called train or test, so all pictures are test images"],
  };
}

/** What the folders above a class say it is for. */
function roleOf(folders: readonly string[]): Role | undefined {
  for (const name of folders.toReversed()) {
    if (TRAINING.test(name)) return "training";
    if (TEST.test(name)) return "test";
  }
  return undefined;
}
