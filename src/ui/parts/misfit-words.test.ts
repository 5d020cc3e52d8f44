/** @file What is said of images that do not fit: both numbers, what it costs, and which would fit. */
import { expect, it } from "vitest";
import type { Misfit } from "../../state/index.ts";
import { disagreement, fittingImages, misfitSentence } from "./misfit-words.ts";

const side = { name: "CIFAR-10 test", classes: 10, shape: [32, 32, 3] };
const misfit: Misfit = {
  about: "classes",
  network: { ...side, name: "resnet-56:classes=100", classes: 100 },
  images: side,
};

it("says how many classes each has", () => {
  expect(disagreement(misfit)).toBe("images of 10 classes, not 100");
  expect(misfitSentence(misfit)).toBe(
    "resnet-56:classes=100 tells 100 classes apart; the images on the page, CIFAR-10 test, have 10. Nothing is measured or trained on them; cutting by weights and export work.",
  );
});

it("says which sizes disagree", () => {
  const sized: Misfit = { ...misfit, about: "size", network: { ...side, shape: [64, 64, 3] } };
  expect(disagreement(sized)).toBe("images of 32 × 32 × 3, not 64 × 64 × 3");
  expect(misfitSentence(sized)).toContain("takes images of 64 × 64 × 3; those on the page");
});

it("names images that would fit", () => {
  const wants = (classes: number, shape: readonly number[]): string =>
    fittingImages({ ...misfit, network: { name: "net", classes, shape } });
  expect(wants(100, [32, 32, 3])).toContain("cifar-100-binary.tar.gz");
  expect(wants(10, [32, 32, 3])).toContain("cifar-10-binary.tar.gz");
  expect(wants(7, [64, 48, 3])).toContain("7 folders of pictures, one a class, of 64 × 48 × 3");
  expect(wants(7, [12])).toBe("It takes no images, so none fit.");
});
