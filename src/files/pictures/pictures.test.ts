/** @file Pictures in folders, with a decoder that reads a format of the test's own: width, height, RGBA. */
import { describe, expect, it } from "vitest";
import { AppError, explain } from "../../core/index.ts";
import { openFiles } from "../index.ts";
import type { Dropped } from "../source.ts";
import { file, join } from "../testing/samples.ts";
import { sortByClass } from "./by-class.ts";
import { shrink, type Picture } from "./shrink.ts";

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** A picture of one colour. */
function plain(width: number, height: number, color: readonly number[]): Picture {
  const pixels = Uint8Array.from({ length: width * height * 4 }, (_, i) => color[i % 4] ?? 255);
  return { width, height, pixels };
}

function dropped(path: string, { width, height, pixels }: Picture): Dropped {
  const bytes = join(PNG, Uint8Array.of(width, height), Uint8Array.from(pixels));
  return { file: file(path.split("/").at(-1) ?? "", bytes), path };
}

async function decodePicture(bytes: Uint8Array): Promise<Picture> {
  const [width = 0, height = 0] = bytes.subarray(8, 10);
  if (bytes.length !== 10 + width * height * 4) throw new Error("no picture");
  return { width, height, pixels: bytes.subarray(10) };
}

async function refusal(work: () => Promise<unknown>): Promise<string> {
  const error = await work().catch((caught: unknown) => caught);
  if (!(error instanceof AppError)) throw new Error("not refused", { cause: error });
  return explain(error);
}

const red = plain(32, 32, [255, 0, 0, 255]);
const blue = plain(32, 32, [0, 0, 255, 255]);

describe("folders of pictures", () => {
  it("become training and test images, classes by the alphabet", async () => {
    const [opened] = await openFiles(
      [
        dropped("set/train/dog/1.png", red),
        dropped("set/train/cat/2.png", blue),
        dropped("set/test/cat/3.png", red),
      ],
      { decodePicture },
    );
    expect(opened).toMatchObject({
      kind: "images",
      notes: [],
      training: { classes: ["cat", "dog"], shape: [32, 32, 3], labels: Uint8Array.of(1, 0) },
      test: { classes: ["cat", "dog"], labels: Uint8Array.of(0) },
    });
    const training = opened?.kind === "images" ? opened.training : undefined;
    expect([...(training?.pixels.subarray(0, 3) ?? [])]).toEqual([255, 0, 0]);
    expect([...(training?.pixels.subarray(3072, 3075) ?? [])]).toEqual([0, 0, 255]);
  });

  it("say what was done to them", async () => {
    const [opened] = await openFiles(
      [dropped("a/1.png", plain(80, 40, [9, 9, 9, 255])), dropped("b/2.png", red)],
      { decodePicture },
    );
    expect(opened?.notes).toEqual([
      "no folder is called train or test, so all pictures are test images",
      "pictures were cut to their middle square and made 32 × 32",
    ]);
  });

  it("are refused in words", async () => {
    const open = (files: readonly Dropped[], decoder = true) =>
      refusal(() => openFiles(files, decoder ? { decodePicture } : {}));
    expect(await open([dropped("cat.png", red)])).toBe(
      "cat.png: a part is missing (expected pictures in folders, one folder a class, found pictures outside of folders); drop the folder that holds the classes' folders.",
    );
    expect(await open([dropped("a/1.png", red), dropped("b/2.png", red)], false)).toContain(
      "pictures, which only a browser decodes",
    );
    const broken = { file: file("2.png", join(PNG, Uint8Array.of(9, 9))), path: "b/2.png" };
    expect(await open([dropped("a/1.png", red), broken])).toContain(
      "expected a picture that the browser can decode, found one that it cannot",
    );
    const many = Array.from({ length: 257 }, (_, i) => dropped(`${i}/x.png`, plain(1, 1, [0])));
    expect(await open(many)).toContain("at most 256 classes");
  });
});

describe("sortByClass", () => {
  it("knows the folders' usual names in any case, and backslashes", () => {
    const { placed, classes } = sortByClass(
      ["X\\Train\\a\\1", "X\\VAL\\b\\2", "validation/a/3", "train/test/b/4"],
      (path) => path,
    );
    expect(classes).toEqual(["a", "b"]);
    expect(placed.map(({ role, label }) => [role, label])).toEqual([
      ["training", 0],
      ["test", 1],
      ["test", 0],
      ["test", 1],
    ]);
  });
});

describe("shrink", () => {
  it("keeps what has the size already, bit for bit", () => {
    const pixels = Uint8Array.from({ length: 32 * 32 * 4 }, (_, i) =>
      i % 4 === 3 ? 255 : i % 251,
    );
    const out = shrink({ width: 32, height: 32, pixels }, 32);
    expect([...out]).toEqual([...pixels].filter((_, i) => i % 4 !== 3));
  });

  it("takes the middle square, and means of what a pixel covers", () => {
    // Columns 0 … 5 with their number as red; the middle square of 6 × 2 is columns 2 and 3.
    const pixels = Uint8Array.from({ length: 6 * 2 * 4 }, (_, i) =>
      i % 4 === 0 ? Math.floor(i / 4) % 6 : i % 4 === 3 ? 255 : 0,
    );
    expect([...shrink({ width: 6, height: 2, pixels }, 2)].filter((_, i) => i % 3 === 0)).toEqual([
      2, 3, 2, 3,
    ]);
    expect([...shrink(plain(3, 3, [60, 120, 240, 255]), 2)]).toEqual(
      Array.from({ length: 4 }, () => [60, 120, 240]).flat(),
    );
    expect([...shrink(plain(1, 1, [8, 8, 8, 255]), 2)]).toEqual(
      Array.from({ length: 12 }, () => 8),
    );
  });

  it("lays what is transparent on white", () => {
    expect([...shrink(plain(1, 1, [0, 100, 200, 0]), 1)]).toEqual([255, 255, 255]);
  });
});
