/** @file What a node says of one image, channel by channel. */
import { known } from "../core/index.ts";
import { factsOfNode, type NodeName } from "../model/index.ts";
import type { Program } from "../runtime/index.ts";
import { imageFeed, type Images } from "./feed.ts";

export interface FeatureMaps {
  readonly node: NodeName;
  /** 1 and 1 where there is no map, as behind a flatten. */
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** `[height, width, channels]`. */
  readonly values: Float32Array;
}

/** @param images — the first of them is looked at */
export async function featureMaps(
  program: Program,
  images: Images,
  node: NodeName,
): Promise<FeatureMaps> {
  const { shape } = factsOfNode(program.network, node);
  const [height = 1, width = 1, channels = 1] = shape.length === 3 ? shape : [1, 1, ...shape];
  const seen = await program.observe(imageFeed(images).slice(0, 1).images, [node]);
  // Of its own: what was observed may lie in the backend's memory.
  return { node, height, width, channels, values: known(seen.get(node), node).slice() };
}
