/** @file A network and images that do not belong together, in words: what each has, and what can be done. */
import type { Misfit } from "../../state/index.ts";
import { count } from "../format.ts";

/** For a narrow place: `the images have 10 classes, the network 100`. */
export function disagreement({ about, network, images }: Misfit): string {
  return about === "classes"
    ? `the images have ${count(images.classes)} classes, the network ${count(network.classes)}`
    : `the images are ${sizeOf(images.shape)}, the network takes ${sizeOf(network.shape)}`;
}

/** In sentences: what it is, why, what it costs, what goes on. */
export function misfitSentence(misfit: Misfit): string {
  const { about, network, images } = misfit;
  const what =
    about === "classes"
      ? `${network.name} tells ${count(network.classes)} classes apart, and the images on the page (${images.name}) have ${count(images.classes)}.`
      : `${network.name} takes images of ${sizeOf(network.shape)}, and those on the page (${images.name}) are ${sizeOf(images.shape)}.`;
  return `${what} So no accuracy is measured and nothing trained; cutting by weights and exporting work as always.`;
}

/** Which images would fit. */
export function fittingImages({ network }: Misfit): string {
  const { classes, shape } = network;
  const isCifar = shape.join() === "32,32,3";
  if (isCifar && classes === 100) return "Images that fit: CIFAR-100, cifar-100-binary.tar.gz.";
  if (isCifar && classes === 10) return "Images that fit: CIFAR-10, cifar-10-binary.tar.gz.";
  return shape.length === 3
    ? `Images that fit: a folder with ${count(classes)} folders of pictures, one a class, of ${sizeOf(shape)}.`
    : "It takes no images, so none fit.";
}

function sizeOf(shape: readonly number[]): string {
  return shape.join(" × ");
}
