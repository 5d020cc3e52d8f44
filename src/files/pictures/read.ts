/**
 * @file Folders of pictures → datasets. Decoding is the caller's, since only a browser has the decoders; here
 * everything becomes squares of one size.
 */
import { AppError } from "../../core/index.ts";
import type { Dataset } from "../../data/index.ts";
import { baseName, showCount } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import type { Source } from "../source.ts";
import { sortByClass, type Placed, type Role } from "./by-class.ts";
import { shrink, type Picture } from "./shrink.ts";

/** Decodes a PNG, JPEG, GIF or WebP; rejects with anything when it cannot. */
export type DecodePicture = (bytes: Uint8Array) => Promise<Picture>;

export interface PictureSets {
  readonly training?: Dataset;
  readonly test?: Dataset;
  readonly notes: readonly string[];
}

/** What every picture becomes: the size of CIFAR's, for which the zoo's networks are made. */
const SIDE = 32;

/**
 * Reads pictures that lie in one folder a class.
 * @throws files/unsupported where nothing decodes pictures, files/bad-field naming one that does not decode,
 *   and what `sortByClass` throws
 */
export async function readPictures(
  sources: readonly Source[],
  decode: DecodePicture | undefined,
): Promise<PictureSets> {
  const { classes, placed, notes } = sortByClass(sources, ({ path }) => path);
  if (decode === undefined) {
    throw new AppError("files/unsupported", {
      where: sources[0]?.where ?? "",
      expected: "images in CIFAR's binary form",
      found: "pictures, which only a browser decodes",
      hint: "drop the folder on the page, or use cifar-10-binary.tar.gz",
    });
  }
  if (placed.length > LIMITS.pictures) {
    throw new AppError("files/over-limit", {
      where: sources[0]?.where ?? "",
      expected: `at most ${showCount(LIMITS.pictures)} pictures`,
      found: showCount(placed.length),
    });
  }
  const sizes = new Set<string>();
  const read = async (role: Role): Promise<Dataset | undefined> => {
    const members = placed.filter((one) => one.role === role);
    return members.length === 0 ? undefined : readRole(role, members, { classes, decode, sizes });
  };
  const [training, test] = [await read("training"), await read("test")];
  const same = `${SIDE} × ${SIDE}`;
  const isResized = [...sizes].some((size) => size !== same);
  return {
    ...(training === undefined ? {} : { training }),
    ...(test === undefined ? {} : { test }),
    notes: isResized
      ? [...notes, `pictures were cut to their middle square and made ${same}`]
      : notes,
  };
}

interface Surroundings {
  readonly classes: readonly string[];
  readonly decode: DecodePicture;
  /** Takes every size that was seen. */
  readonly sizes: Set<string>;
}

async function readRole(
  role: Role,
  members: readonly Placed<Source>[],
  { classes, decode, sizes }: Surroundings,
): Promise<Dataset> {
  const each = SIDE * SIDE * 3;
  const pixels = new Uint8Array(members.length * each);
  for (const [i, { picture: source }] of members.entries()) {
    const picture = await decodeOne(source, decode);
    sizes.add(`${picture.width} × ${picture.height}`);
    pixels.set(shrink(picture, SIDE), i * each);
  }
  return {
    name: `${showCount(classes.length)} folders, ${role}`,
    classes,
    shape: [SIDE, SIDE, 3],
    pixels,
    labels: Uint8Array.from(members, ({ label }) => label),
  };
}

async function decodeOne(source: Source, decode: DecodePicture): Promise<Picture> {
  const bytes = await source.read();
  const picture = await decode(bytes).catch(() => undefined);
  const isSound =
    picture !== undefined &&
    picture.width > 0 &&
    picture.height > 0 &&
    picture.width * picture.height <= LIMITS.picturePixels;
  if (isSound) return picture;
  throw new AppError("files/bad-field", {
    where: source.where === source.path ? source.path : `${source.where} (${source.path})`,
    expected: "a picture that the browser can decode",
    found: picture === undefined ? "one that it cannot" : `${picture.width} × ${picture.height}`,
    hint: `leave ${baseName(source.path)} out, or save it again`,
  });
}
