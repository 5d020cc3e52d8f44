import { describe, expect, it } from "vitest";
import { endsOf, type Network } from "../../model/index.ts";
import { distance } from "../../runtime/testing/close.ts";
import type { NamedBytes } from "../containers/zip-write.ts";
import { notRun, whyNoPython } from "../testing/python.ts";
import { awkward, image, zoo } from "../testing/samples.ts";
import type { TorchTensor } from "../torch/state-dict.ts";
import { nameForTorch } from "./name-for-torch.ts";
import { pythonFor, READ_SAFETENSORS } from "./python-for.ts";
import { activations, logitsOf, tricky } from "./testing/state-dicts.ts";
import { channelsFirst, runTorch } from "./testing/torch.ts";
import { writeTorchSafetensors } from "./torch-safetensors.ts";

const SAMPLES: Readonly<Record<string, Network>> = {
  vgg: zoo("vgg11:width=0.125"),
  preresnet: zoo("preresnet-20:width=0.5"),
  densenet: zoo("densenet-40:growth=4"),
  resnet: zoo("resnet-20:width=0.5"),
  awkward: awkward(),
  tricky: tricky(),
  activations: activations(),
};

const imagesFor = (network: Network): Float32Array =>
  Float32Array.of(...image(network, 1), ...image(network, 2));

/** Every sample's code with its state dict and images, in one Python: starting one takes seconds. */
function answers(): ReadonlyMap<string, TorchTensor> {
  const sent = new Map<string, TorchTensor>();
  const codes: Record<string, string> = {};
  const files: NamedBytes[] = [];
  for (const [sample, network] of Object.entries(SAMPLES)) {
    codes[sample] = pythonFor(network);
    const { tensors } = nameForTorch(network);
    files.push(writeTorchSafetensors(network, tensors, `${sample}.safetensors`));
    for (const [name, tensor] of tensors) sent.set(`${sample}/${name}`, tensor);
    sent.set(`${sample}/images`, channelsFirst(imagesFor(network), endsOf(network).input));
  }
  return runTorch(
    `
codes = json.loads(${JSON.stringify(JSON.stringify(codes))})
${READ_SAFETENSORS}
received, logits = read(), {}
for sample, code in codes.items():
    start = sample + "/"
    state = {name[len(start):]: t for name, t in received.items() if name.startswith(start)}
    images = state.pop("images")
    space = {}
    exec(code, space)
    torch.save(state, "net.pth")
    assert space["load"]("net.pth").state_dict().keys() == state.keys(), sample
    net = space["load"]({name: t.numpy() for name, t in state.items()})
    path = sample + ".safetensors"
    for found in (read_safetensors(path), space["load"](path).state_dict()):
        assert found.keys() == state.keys(), sample
        for name, t in net.state_dict().items():
            assert found[name].dtype == t.dtype and found[name].equal(t), (sample, name)
    net.load_state_dict(read_safetensors(path))
    with torch.no_grad():
        logits[sample] = net(images)
write(logits)
`,
    sent,
    files,
  ).tensors;
}

describe("pythonFor", () => {
  it("is the same text for the same network", () => {
    expect(pythonFor(awkward())).toBe(pythonFor(awkward()));
  });

  it("lets no name out of its quotes", () => {
    const code = pythonFor(tricky());
    expect(code.split("\n")[0]).toBe(
      String.raw`# "\"\"\"\nexit()", written by Espalier. Input: float32 [n, 2, 5, 5].`,
    );
    expect(code).toContain(
      String.raw`("end\"\n", "end\"\n", "global_average", ("type_",), {}, {}),`.replace(
        "type_",
        "a.weight_",
      ),
    );
  });

  // 1e-5 of the largest logit: untrained networks of this depth answer with numbers in the thousands.
  const noTorch = whyNoPython("torch");
  it.skipIf(noTorch)(
    `computes in PyTorch what we compute${notRun(noTorch)}`,
    { timeout: 60_000 },
    async () => {
      const found = answers();
      for (const [sample, network] of Object.entries(SAMPLES)) {
        const logits = await logitsOf(network, imagesFor(network));
        expect(distance(found.get(sample)?.values ?? [], logits), sample).toBeLessThan(1e-5);
      }
    },
  );
});
