/**
 * @file The architectures by name: `vgg16`, `vgg16:width=0.25`, `preresnet-164:classes=100`,
 * `densenet-40:growth=12,stem=16`, `densenet-bc-100`, `resnet-56`, `vgg16:head=512`.
 */
import { AppError } from "../../core/index.ts";
import { initialize } from "../initialize.ts";
import type { Graph, Metadata, Network } from "../network.ts";
import { densenet } from "./densenet.ts";
import type { ZooOptions } from "./options.ts";
import { preresnet } from "./preresnet.ts";
import { resnet } from "./resnet.ts";
import { VGG_DEPTHS, vgg } from "./vgg.ts";

interface Family {
  /** Where BN scales start. */
  readonly gamma: number;
  /** What depths there are, in words, for a message. */
  readonly depths: string;
  has(depth: number): boolean;
  build(name: string, depth: number, options: ZooOptions): Graph;
}

const every =
  (step: number, offset: number) =>
  (depth: number): boolean =>
    depth > offset && depth <= 2000 && (depth - offset) % step === 0;

const FAMILIES: Readonly<Record<string, Family>> = {
  vgg: {
    gamma: 0.5,
    depths: VGG_DEPTHS.join(", "),
    has: (depth) => VGG_DEPTHS.includes(depth),
    build: vgg,
  },
  preresnet: { gamma: 0.5, depths: "9n+2", has: every(9, 2), build: preresnet },
  resnet: { gamma: 1, depths: "6n+2", has: every(6, 2), build: resnet },
  densenet: {
    gamma: 0.5,
    depths: "3n+4",
    has: every(3, 4),
    build: (name, depth, options) => densenet(name, depth, false, options),
  },
  "densenet-bc": {
    gamma: 0.5,
    depths: "6n+4",
    has: every(6, 4),
    build: (name, depth, options) => densenet(name, depth, true, options),
  },
};

const LIMITS = {
  width: { least: 1 / 64, most: 8, whole: false },
  classes: { least: 2, most: 10_000, whole: true },
  growth: { least: 1, most: 256, whole: true },
  stem: { least: 1, most: 4096, whole: true },
  head: { least: 1, most: 4096, whole: true },
} as const;

type OptionName = keyof typeof LIMITS;

/** Names worth offering in a list; any depth of a family can be typed. */
export function architectureNames(): readonly string[] {
  return [
    "vgg11",
    "vgg13",
    "vgg16",
    "vgg19",
    "resnet-20",
    "resnet-56",
    "resnet-110",
    "preresnet-20",
    "preresnet-38",
    "preresnet-56",
    "preresnet-164",
    "densenet-40",
    "densenet-bc-100",
  ];
}

interface Architecture {
  readonly graph: Graph;
  /** Where BN scales start. */
  readonly gamma: number;
}

/**
 * Reads a name with its options.
 * @returns the structure, or nothing when the text does not even look like an architecture's name
 * @throws model/unknown-architecture, model/bad-attribute
 */
export function parseArchitecture(text: string): Architecture | undefined {
  const match = /^([a-z]+(?:-bc)?)-?(\d{1,4})(?::(.*))?$/.exec(text.trim().toLowerCase());
  if (match === null) return undefined;
  const [, familyName = "", depthText = "", optionText = ""] = match;
  const family = Object.hasOwn(FAMILIES, familyName) ? FAMILIES[familyName] : undefined;
  const depth = Number(depthText);
  if (family === undefined || !family.has(depth)) {
    throw new AppError("model/unknown-architecture", {
      where: text,
      expected:
        family === undefined
          ? `one of ${Object.keys(FAMILIES).join(", ")}`
          : `${familyName} with depth ${family.depths}`,
      found: `${familyName} with depth ${depthText}`,
    });
  }
  const options = parseOptions(text, optionText);
  return { graph: family.build(text, depth, options), gamma: family.gamma };
}

function parseOptions(where: string, text: string): ZooOptions {
  const given = new Map<OptionName, number>();
  for (const part of text.split(",").filter((piece) => piece !== "")) {
    const [key = "", value = ""] = part.split("=");
    if (!Object.hasOwn(LIMITS, key)) {
      throw new AppError("model/bad-attribute", {
        where: `${where} › ${key}`,
        expected: `one of ${Object.keys(LIMITS).join(", ")}`,
        found: key,
      });
    }
    const name = key as OptionName;
    const { least, most, whole } = LIMITS[name];
    const number = value === "" ? NaN : Number(value);
    if (!(number >= least && number <= most) || (whole && !Number.isInteger(number))) {
      throw new AppError("model/bad-attribute", {
        where: `${where} › ${key}`,
        expected: `${whole ? "a whole number" : "a number"} from ${least} to ${most}`,
        found: value,
      });
    }
    given.set(name, number);
  }
  return {
    classes: given.get("classes") ?? 10,
    width: given.get("width") ?? 1,
    growth: given.get("growth") ?? 12,
    stem: given.get("stem"),
    head: given.get("head"),
  };
}

/**
 * Builds an architecture with fresh weights.
 * @throws model/unknown-architecture when there is no such name
 */
export function buildArchitecture(text: string, seed: number, metadata: Metadata = {}): Network {
  const architecture = parseArchitecture(text);
  if (architecture === undefined) {
    throw new AppError("model/unknown-architecture", { where: text });
  }
  return initialize(architecture.graph, { seed, gamma: architecture.gamma, metadata });
}
