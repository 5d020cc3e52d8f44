/** @file A network and images that do not belong together, in words: what each has, and what can be done. */
import { misfitMeasured, misfitTrained, type Misfit, type PageState } from "../../state/index.ts";
import { count } from "../format.ts";

/** For a narrow place: `images of 10 classes, not 100`. */
export function disagreement({ about, network, images }: Misfit): string {
  return about === "classes"
    ? `images of ${count(images.classes)} classes, not ${count(network.classes)}`
    : `images of ${sizeOf(images.shape)}, not ${sizeOf(network.shape)}`;
}

type Seen = Pick<PageState, "session" | "data">;

/** Why no accuracy can be measured on the page, as the end of a sentence; null where it can. */
export function whyUnmeasurable(page: Seen): string | null {
  const { data } = page;
  if ((data?.test ?? data?.validation ?? null) === null) return "there are no test images";
  return unfit(misfitMeasured(page));
}

/** The same of a training, which fetches images where there are none. */
export function whyUntrainable(page: Seen): string | null {
  return unfit(misfitTrained(page));
}

const unfit = (misfit: Misfit | null): string | null =>
  misfit && `these are ${disagreement(misfit)}`;

/** In sentences: what it is, what it costs, what goes on. */
export function misfitSentence(misfit: Misfit): string {
  const { about, network, images } = misfit;
  const what =
    about === "classes"
      ? `${network.name} tells ${count(network.classes)} classes apart; the images on the page, ${images.name}, have ${count(images.classes)}.`
      : `${network.name} takes images of ${sizeOf(network.shape)}; those on the page, ${images.name}, are ${sizeOf(images.shape)}.`;
  return `${what} Nothing is measured or trained on them; cutting by weights and export work.`;
}

/** Which images would fit. */
export function fittingImages({ network }: Misfit): string {
  const { classes, shape } = network;
  const isCifar = shape.join() === "32,32,3";
  if (isCifar && classes === 100) return "What fits: CIFAR-100, as cifar-100-binary.tar.gz.";
  if (isCifar && classes === 10) return "What fits: CIFAR-10, as cifar-10-binary.tar.gz.";
  return shape.length === 3
    ? `What fits: a folder with ${count(classes)} folders of pictures, one a class, of ${sizeOf(shape)}.`
    : "It takes no images, so none fit.";
}

function sizeOf(shape: readonly number[]): string {
  return shape.join(" × ");
}
