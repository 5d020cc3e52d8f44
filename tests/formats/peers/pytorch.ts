/**
 * @file PyTorch, where a Python has it: our .pth is loaded by `torch.load` and filled into the module
 * that our .py declares. And onnx' own checker, for what no runtime complains about.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { channelsFirst, runTorch } from "../../../src/files/families/testing/torch.ts";
import { exportNetwork, type NamedBytes } from "../../../src/files/index.ts";
import { writeOnnx } from "../../../src/files/onnx/write.ts";
import { PYTHON, whyNoPython } from "../../../src/files/testing/python.ts";
import type { StateDict, TorchTensor } from "../../../src/files/torch/state-dict.ts";
import { endsOf, type Network } from "../../../src/model/index.ts";
import { foldNetwork } from "../../../src/quantize/index.ts";
import { IMAGES, type Peer } from "./peer.ts";

/** One Python for all networks: starting one takes seconds. */
const CODE = `
received, logits = read(), {}
for name, images in received.items():
    space = {}
    exec(open(name + ".py").read(), space)
    with torch.no_grad():
        logits[name] = space["load"](name + ".pth")(images)
write(logits)
`;

export const pyTorch: Peer = {
  name: "PyTorch",
  missing: whyNoPython("torch"),
  async logits(works) {
    const files: NamedBytes[] = [];
    const images = new Map<string, TorchTensor>();
    for (const [i, work] of works.entries()) {
      const own = (await exportNetwork(work.network, "torch")).files;
      const endings = [".pth", ".py"];
      files.push(...own.map(({ bytes }, k) => ({ name: `${i}${endings[k]}`, bytes })));
      const { input } = endsOf(work.network);
      images.set(
        String(i),
        input.length === 3
          ? channelsFirst(work.images, input)
          : { shape: [IMAGES, ...input], values: work.images, dtype: "float32" },
      );
    }
    const answers: StateDict = runTorch(CODE, images, files).tensors;
    return works.map((_, i) => answers.get(String(i))?.values ?? []);
  },
};

const CHECK = `
import onnx, sys
for path in sys.argv[1:]:
    onnx.checker.check_model(path, full_check=True)
print("good")
`;

/** What onnx' own checker says of our files, shapes inferred and all: "good", or its complaint. */
export function checkOnnx(networks: readonly Network[]): string {
  const folder = mkdtempSync(join(tmpdir(), "espalier-onnx-"));
  try {
    const paths = networks.flatMap((network, i) =>
      [false, true].map((fold) => {
        const path = join(folder, `${i}-${fold ? "folded" : "plain"}.onnx`);
        const written = fold ? foldNetwork(network).network : network;
        writeFileSync(path, writeOnnx(written, "net.onnx").bytes);
        return path;
      }),
    );
    const options = { encoding: "utf8" } as const;
    const { stdout, stderr } = spawnSync(PYTHON, ["-c", CHECK, ...paths], options);
    return stdout.trim() || stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
