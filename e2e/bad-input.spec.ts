/**
 * @file Everything that people drop by mistake, through the page's own door: each is refused in one
 * sentence that names the file and the next step, and the network on the page stays what it was.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync, zipSync } from "fflate";
import { packTar } from "modern-tar";
import {
  chooseFiles,
  dropFiles,
  fillSettings,
  goTo,
  identity,
  measured,
  openApp,
  ratioField,
  typeRatio,
  type FileLike,
} from "./app.ts";
import { ROOT } from "./command-line.ts";
import { expect, test } from "./fixtures.ts";
import { keras, weightsAlone } from "./foreign-files.ts";
import { demoFiles } from "./independent.ts";
import { plainPng } from "./pictures.ts";
import { serveFew } from "./shards.ts";

const RECORD = 3073;
const text = (name: string, content: string): FileLike => ({
  name,
  bytes: new TextEncoder().encode(content),
});

/** What a person drops, and what the page must say: the file, what is wrong, what to do. */
interface Case {
  readonly title: string;
  readonly files: (model: FileLike, shard: FileLike) => readonly FileLike[] | Promise<FileLike[]>;
  readonly says: RegExp;
}

/** The model with a text of its JSON replaced. */
function edited(model: FileLike, from: string | RegExp, to: string): FileLike {
  const json = new TextDecoder().decode(model.bytes);
  const changed = json.replace(from, to);
  if (changed === json) throw new Error(`the shipped network has no ${String(from)}`);
  return text(model.name, changed);
}

function withNaN({ name, bytes }: FileLike): FileLike {
  const copy = Uint8Array.from(bytes);
  new DataView(copy.buffer).setFloat32(4000, Number.NaN, true);
  return { name, bytes: copy };
}

function mislabelled(): Uint8Array {
  const bytes = new Uint8Array(4 * RECORD);
  bytes[2 * RECORD] = 10;
  return bytes;
}

/** A file of the golden numbers, cut short or changed. */
async function golden(path: string, change: (bytes: Buffer) => Uint8Array): Promise<FileLike[]> {
  const bytes = await readFile(join(ROOT, "tests", "goldens", path));
  return [{ name: path.split("/").at(-1) ?? "", bytes: change(bytes) }];
}

const half = (bytes: Buffer): Uint8Array => bytes.subarray(0, bytes.length >> 1);

/** One of the Keras files, cut short. */
async function kerasHalf(ending: string): Promise<FileLike[]> {
  const found = (await keras()).flatMap(({ files }) => files);
  const file = found.find(({ name }) => name.endsWith(ending));
  if (file === undefined) throw new Error(`no ${ending}`);
  return [{ name: file.name, bytes: half(Buffer.from(file.bytes)) }];
}

/** A checkpoint whose pickle calls `os.system`. */
function harmful(): FileLike[] {
  const pickle = Buffer.from("\x80\x02cos\nsystem\nX\x04\x00\x00\x00true\x85R.", "latin1");
  return [{ name: "net.pth", bytes: zipSync({ "net/data.pkl": pickle }) }];
}

/** The weights without one of them. */
async function withoutOne(): Promise<FileLike[]> {
  const { name, bytes } = await weightsAlone();
  const latin = Buffer.from(bytes).toString("latin1");
  return [
    { name, bytes: Buffer.from(latin.replace("feature.4.bias", "feature.4.blas"), "latin1") },
  ];
}

async function pickleArchive(): Promise<Uint8Array> {
  const body = Uint8Array.of(0x80, 2, 0x7d, 0x71, 1, 0x28, 0x55, 11);
  const header = { name: "cifar-10-batches-py/data_batch_1", size: body.length };
  return gzipSync(await packTar([{ header, body }]));
}

const CASES: readonly Case[] = [
  {
    title: "an empty file",
    files: (model) => [{ name: model.name, bytes: new Uint8Array() }],
    says: /^model\.json: the file is empty; choose the file again\.$/,
  },
  {
    title: "a web page instead of a model",
    files: () => [text("model.json", "<!doctype html>\n<title>404 Not Found</title>")],
    says: /^model\.json: this is an HTML page, not .*; .+\.$/,
  },
  {
    title: "a truncated shard",
    files: (model, shard) => [model, { ...shard, bytes: shard.bytes.subarray(0, 5000) }],
    says: /^model\.json › group1-shard1of1\.bin: the file is cut short \(expected .*, found .*\); .+\.$/,
  },
  {
    title: "a missing shard",
    files: (model) => [model],
    says: /^model\.json.*a part is missing .*group1-shard1of1\.bin.*; drop model\.json and all .+\.$/,
  },
  {
    title: "a wrong dtype",
    files: (model, shard) => [edited(model, '"dtype":"float32"}', '"dtype":"int32"}'), shard],
    says: /^model\.json.*: the number type is not supported .*; export the weights as float32\.$/,
  },
  {
    title: "weights that are not numbers",
    files: (model, shard) => [model, withNaN(shard)],
    says: /hold numbers that are not finite .*; use a checkpoint from before .+\.$/,
  },
  {
    title: "a shape that disagrees",
    files: (model, shard) => [edited(model, '"shape":[3,3,3,14]', '"shape":[3,3,14,3]'), shard],
    says: /^model\.json.*shapes? disagrees? .*; .+\.$/,
  },
  {
    title: "a shard of no whole records",
    files: () => [{ name: "data_batch_1.bin", bytes: new Uint8Array(RECORD * 3 - 7) }],
    says: /^data_batch_1\.bin: .*3.?073.*; .+\.$/,
  },
  {
    title: "a label over 9",
    files: () => [{ name: "test_batch.bin", bytes: mislabelled() }],
    says: /^test_batch\.bin.*: a label is out of range .*found 10.*; .+\.$/,
  },
  {
    title: "CIFAR-10's Python version",
    files: async () => [{ name: "cifar-10-python.tar.gz", bytes: await pickleArchive() }],
    says: /^cifar-10-python\.tar\.gz.*Python version.*; take the binary version, cifar-10-binary\.tar\.gz or cifar-100-binary\.tar\.gz\.$/,
  },
  {
    title: "a CIFAR-100 label over 99",
    files: () => [
      { name: "test.bin", bytes: new Uint8Array(3 * 3074).map((_, i) => (i === 1 ? 100 : 0)) },
    ],
    says: /^test\.bin.*: a label is out of range .*found 100.*; .+\.$/,
  },
  {
    title: "a picture in no folder",
    files: () => [{ name: "cat.png", bytes: plainPng(8, [9, 9, 9]) }],
    says: /^cat\.png: a part is missing \(expected pictures in folders, one folder a class.*; .+\.$/,
  },
  {
    title: "an ONNX model cut short",
    files: () => golden("onnx/vgg.onnx", half),
    says: /^vgg\.onnx.*: the file is cut short .*; download it again\.$/,
  },
  {
    title: "an old PyTorch checkpoint cut short",
    files: () => golden("network-slimming/presnet20.pth.tar", half),
    says: /^presnet20\.pth\.tar.*: the file is cut short .*; download it again\.$/,
  },
  {
    title: "a PyTorch checkpoint cut short",
    files: () => golden("network-slimming/vgg.pth.tar", half),
    says: /^vgg\.pth\.tar: the file is cut short .*; download it again\.$/,
  },
  {
    title: "a checkpoint that is a program",
    files: harmful,
    says: /^net\.pth.*: the file asks to run os\.system; nothing was run; save only the weights, .+\.$/,
  },
  {
    title: "weights of no network that is known",
    files: withoutOne,
    says: /^weights\.safetensors: .*a network-slimming VGG with .*feature\.4\.bias: \[16\].*feature\.4\.blas.*; export the network as ONNX.*\.$/,
  },
  {
    title: "a Keras file cut short",
    files: () => kerasHalf(".h5"),
    says: /^plain\.h5.*: .+; .+\.$/,
  },
  {
    title: "a Keras archive cut short",
    files: () => kerasHalf(".keras"),
    says: /^plain\.keras: the file is cut short .*; download it again\.$/,
  },
];

test("refuses broken files in one sentence and leaves the network alone", async ({
  page,
  watch,
}) => {
  const [model, shard] = await demoFiles();
  if (model === undefined || shard === undefined) throw new Error("no shipped network");
  await openApp(page);
  await measured(page, 256);
  const before = await identity(page);
  const alert = page.getByRole("main").getByRole("alert");

  for (const [i, { title, files, says }] of CASES.entries()) {
    await test.step(title, async () => {
      const open = i % 2 === 0 ? chooseFiles : dropFiles;
      await open(page, await files(model, shard));
      await expect(alert).toHaveText(says);
      await watch.checkText();
      expect(await identity(page)).toEqual(before);
      await alert.getByRole("button", { name: "Dismiss" }).click();
      await expect(alert).toBeHidden();
    });
  }
  const { accuracy, halfWidth } = await measured(page, 256);
  expect(accuracy - halfWidth).toBeGreaterThan(10);

  await test.step("the same files, whole, open", async () => {
    await chooseFiles(page, [shard, model]);
    await expect(page.getByRole("region", { name: "On the page" })).toContainText("files");
    await expect(alert).toBeHidden();
  });
});

test("refuses ratios that are none, and keeps the last good one", async ({ page }) => {
  await openApp(page);
  await goTo(page, "Prune");
  await typeRatio(page, "42,5 %");
  await expect(ratioField(page)).toHaveValue("42.5");
  const problem = page.getByRole("alert");
  for (const bad of ["-1", "100", "NaN", "1e9", "half", ""]) {
    await typeRatio(page, bad);
    await expect(problem, bad).toHaveText(/^ratio: the ratio is out of range .*; .+\.$/);
    await expect(ratioField(page)).toHaveAttribute("aria-invalid", "true");
    await expect(page.getByRole("slider", { name: "Ratio" })).toHaveValue("42.5");
    await ratioField(page).press("Escape");
    await expect(problem).toBeHidden();
    await expect(ratioField(page)).toHaveValue("42.5");
  }
});

test("stops a training that diverges, names the step, and suggests a smaller rate", async ({
  page,
  watch,
}) => {
  await serveFew(page, "data_batch_", 200);
  await openApp(page);
  const before = await identity(page);
  await goTo(page, "Sparse train");
  await fillSettings(page, { "Learning rate": "none" });
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await expect(page.getByText("Choose a finite number from 0.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Stop" })).toBeHidden();

  await fillSettings(page, { "Learning rate": "1e9", "Batch size": "16", Seconds: "30" });
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await expect(page.getByRole("main").getByRole("alert")).toHaveText(
    /step \d+.*not? .*finite.*; try a learning rate .*smaller\.$|step \d+.*finite.*; try .*\.$/,
    { timeout: 60_000 },
  );
  await watch.checkText();
  await page
    .getByRole("group", { name: "Result" })
    .getByRole("button", { name: /^(Discard|Close)$/ })
    .click();
  await goTo(page, "Load");
  expect(await identity(page)).toEqual(before);
  await measured(page);
});
