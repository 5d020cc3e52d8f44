/**
 * @file ResNet with activations behind the addition (He et al. 2016a), in the namings of torchvision
 * (`fc`, `downsample`), akamaster and kuangliu (`linear`, `shortcut`), basic or bottleneck, grouped or
 * not. A 7×7 stem means ImageNet, a 3×3 stem CIFAR.
 *
 * A block that narrows the map without weights on its shortcut is option A: every second pixel, and
 * zero channels half before and half after. Other codes put them behind, and names cannot tell.
 */
import { showShape } from "../../core/index.ts";
import type { NodeName } from "../../model/index.ts";
import { assumedSide, type Draft, type Family } from "./family.ts";
import { Misfit, type ModuleBuilder } from "./module-builder.ts";
import { widening, wideningBehind } from "./selections.ts";

export const resnet: Family = {
  key: "resnet",
  name: "ResNet",
  variants: [
    { key: "early-stride", title: "stride in the first 1 × 1 convolution of a bottleneck" },
    { key: "zeros-behind", title: "zero channels of a shortcut behind the others" },
  ],
  modules:
    /^(conv1|bn1|fc|linear|layer\d+\.\d+\.(conv[123]|bn[123]|(downsample|shortcut)\.[01]|widen))$/,
  build(b) {
    const { side, top } = stem(b);
    const notes = new Set(assumedSide(b, side));
    let x = top;
    let layers = 2;
    for (const stage of b.everyNumberAfter("layer", 1)) {
      for (const block of b.everyNumberAfter(`layer${stage}.`, 0)) {
        const at = `layer${stage}.${block}`;
        const stride = block === 0 && stage > 1 ? 2 : 1;
        const branch = convolutions(b, at, x, stride);
        const past = shortcut(b, at, x, stride, notes);
        x = b.relu(`${at}.relu`, b.add(`${at}.add`, { kind: "add" }, branch, past));
        layers += b.has(`${at}.conv3.weight`) ? 3 : 2;
      }
    }
    x = b.add("avgpool", { kind: "globalAveragePool" }, x);
    const graph = b.finish(
      `resnet-${layers}`,
      b.denseLike(b.has("linear.weight") ? "linear" : "fc", x),
    );
    return { graph, notes: [...notes] } satisfies Draft;
  },
};

function stem(b: ModuleBuilder): { readonly side: number; readonly top: NodeName } {
  const [, , size] = b.shapeOf("conv1.weight", 4);
  const large = size === 7;
  const side = large ? 224 : 32;
  const place = large ? { sizes: [7], stride: 2 } : {};
  const conv = b.convLike("conv1", b.anyInputFor("conv1", side), place);
  const top = b.relu("relu", b.bnBehind(conv, "bn1"));
  if (!large) return { side, top };
  const window = { size: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1] } as const;
  return { side, top: b.add("maxpool", { kind: "maxPool", ...window }, top) };
}

/**
 * Three convolutions narrow the map in the middle one, as torchvision has it, or in the first, as the
 * paper has it; two narrow it in the first.
 */
function convolutions(b: ModuleBuilder, at: string, from: NodeName, stride: number): NodeName {
  if (!b.has(`${at}.conv3.weight`)) {
    let x = b.bnBehind(b.convLike(`${at}.conv1`, from, { stride }), `${at}.bn1`);
    x = b.convLike(`${at}.conv2`, b.relu(`${at}.relu1`, x));
    return b.bnBehind(x, `${at}.bn2`);
  }
  const isEarly = b.variant === "early-stride";
  const [first, second] = isEarly ? [stride, 1] : [1, stride];
  const narrow = b.convLike(`${at}.conv1`, from, { sizes: [1], stride: first });
  let x = b.relu(`${at}.relu1`, b.bnBehind(narrow, `${at}.bn1`));
  x = b.convLike(`${at}.conv2`, x, { stride: second, grouped: true });
  x = b.relu(`${at}.relu2`, b.bnBehind(x, `${at}.bn2`));
  return b.bnBehind(b.convLike(`${at}.conv3`, x, { sizes: [1] }), `${at}.bn3`);
}

function shortcut(
  b: ModuleBuilder,
  at: string,
  from: NodeName,
  stride: number,
  notes: Set<string>,
): NodeName {
  const module = [`${at}.downsample`, `${at}.shortcut`].find((m) => b.has(`${m}.0.weight`));
  if (module !== undefined) {
    const conv = b.convLike(`${module}.0`, from, { sizes: [1], stride });
    return b.bnBehind(conv, `${module}.1`);
  }
  if (stride === 1) return from;
  return optionA(b, at, from, notes);
}

function optionA(b: ModuleBuilder, at: string, from: NodeName, notes: Set<string>): NodeName {
  const channels = b.channels(from);
  const indices = b.selectionOf(`${at}.widen`, channels) ?? usualWidening(b, at, channels, notes);
  const sampled = b.maxPool(`${at}.sample`, from, 1, 2);
  return b.add(`${at}.widen`, { kind: "channelSelect", indices }, sampled);
}

function usualWidening(
  b: ModuleBuilder,
  at: string,
  channels: number,
  notes: Set<string>,
): readonly number[] {
  const name = `${at}.conv2.weight`;
  const shape = b.shapeOf(name, 4);
  // Where it does not double, somebody has cut the stream, and where the zeros are is not known.
  if (shape[0] !== 2 * channels) {
    const expected = `${2 * channels} filters, twice what the shortcut brings`;
    throw new Misfit({ name, expected, found: showShape(shape) });
  }
  const isBehind = b.variant === "zeros-behind";
  const zeros = isBehind ? "in front of zero channels" : "between zero channels";
  notes.add(`shortcuts without weights are taken for every second pixel ${zeros}`);
  return isBehind ? wideningBehind(channels) : widening(channels);
}
