/** @file `inspect MODEL`: what the network is made of and what each node costs. */
import { sizeOf } from "../../core/index.ts";
import { costByNode, costOf, endsOf, factsOf } from "../../model/index.ts";
import { answer, COMMON, MODEL_OPTIONS, type Command } from "../command.ts";
import { openModel } from "../open-model.ts";
import { count, table } from "../table.ts";

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
    const found = { name: network.name, format, input, classes, parameters, macs, nodes };
    answer(io, args, found, () => [
      `${network.name} (${format}): ${input.join(" × ")} in, ${classes} classes`,
      `${count(parameters)} parameters, ${count(macs)} MACs`,
      "",
      ...table(
        ["node", "op", "shape", "parameters", "MACs"],
        nodes.map((node) => [
          node.name,
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
