/** @file `inspect MODEL`: what the network is made of and what each node costs. */
import { printable, sizeOf } from "../../core/index.ts";
import { normalizationOf, titleOf } from "../../data/index.ts";
import { costByNode, costOf, endsOf, factsOf, type Network } from "../../model/index.ts";
import { answer, COMMON, MODEL_OPTIONS, type Command } from "../command.ts";
import { openModel } from "../open-model.ts";
import { count, table } from "../table.ts";

/** Channels whose figures still make a line. */
const MOST_SHOWN = 8;

export const inspect: Command = {
  name: "inspect",
  summary: "nodes, shapes, parameters and MACs",
  positionals: ["MODEL"],
  options: { ...MODEL_OPTIONS, ...COMMON },
  run: async (args, io) => {
    const { network, format } = await openModel(args, io);
    const { input, output } = endsOf(network);
    const { parameters, macs } = costOf(network);
    const costs = costByNode(network);
    const nodes = [...factsOf(network).values()].map(({ node, shape }) => ({
      name: node.name,
      op: node.op.kind,
      inputs: node.inputs,
      shape,
      parameters: costs.get(node.name)?.parameters ?? 0,
      macs: costs.get(node.name)?.macs ?? 0,
    }));
    const classes = sizeOf(output);
    const normalization = network.metadata.normalization ?? null;
    const found = {
      name: network.name,
      format,
      input,
      classes,
      parameters,
      macs,
      normalization,
      nodes,
    };
    answer(io, args, found, () => [
      `${printable(network.name)} (${format}): ${input.join(" × ")} in, ${classes} classes`,
      `${count(parameters)} parameters, ${count(macs)} MACs`,
      `pixels: ${saysPixels(network)}`,
      "",
      ...table(
        ["node", "op", "shape", "parameters", "MACs"],
        nodes.map((node) => [
          printable(node.name),
          node.op,
          node.shape.join(" × "),
          count(node.parameters),
          count(node.macs),
        ]),
      ),
    ]);
    return undefined;
  },
};

/** What the network wants to be fed, and whether it says so itself. */
function saysPixels(network: Network): string {
  const normalization = normalizationOf(network);
  const { mean, std } = normalization;
  const figures = `mean ${mean.join(", ")}, deviation ${std.join(", ")}`;
  const title = titleOf(normalization);
  const shown = mean.length > MOST_SHOWN ? (title ?? "own figures") : (title ?? figures);
  return network.metadata.normalization === undefined ? `not said; assumed ${shown}` : shown;
}
