/** @file `load.py`: the bundle's network in PyTorch. */
import { listed, quoted } from "../literals.ts";
import type { About } from "./about.ts";

/** The module's text. It reads `network.py` and `network.pth` beside itself and needs nothing but torch. */
export function loadPy(about: About): string {
  const { name, input, output, outputs, isAssumed } = about;
  const { mean, std } = about.normalization;
  const isMap = input.length === 3;
  const theirs = isMap ? ["n", input[2], input[0], input[1]] : ["n", ...input];
  return `# ${quoted(name)} in PyTorch 1.13 or newer: python3 load.py
import os

import torch

import network  # network.py beside this file

${isAssumed ? "# How pixels were normalized is not known; this is assumed.\n" : ""}MEAN = torch.tensor(${listed(mean)})
STD = torch.tensor(${listed(std)})


def load():
    """The network with its weights, ready to run; it gives ${output}, [n, ${outputs}]."""
    return network.load(os.path.join(os.path.dirname(os.path.abspath(__file__)), "network.pth"))


def to_input(pixels):
    """Pixels as bytes, RGB, [n, ${input.join(", ")}], as the network wants them: [${theirs.join(", ")}]."""
    images = torch.as_tensor(pixels).float().div(255).sub(MEAN).div(STD)
    return images${isMap ? ".permute(0, 3, 1, 2).contiguous()" : ""}


if __name__ == "__main__":
    with torch.no_grad():
        print(load()(to_input(torch.zeros(1, ${input.join(", ")}))))
`;
}
