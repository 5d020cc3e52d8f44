/** @file The Export step: each file, what it is for, and the code that opens it. */
import { Button } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useCommands, usePage } from "../../state/index.ts";
import type { ExportFormat } from "../../worker/protocol.ts";
import { bytes, count, largeText } from "../format.ts";
import { download } from "../parts/download.ts";
import { Problem } from "../parts/Problem.tsx";
import { StepLayout } from "../parts/StepLayout.tsx";
import { Truths } from "../parts/Truths.tsx";
import { RunsTable } from "../prune/RunsTable.tsx";
import { Snippet } from "./Snippet.tsx";
import styles from "./ExportStep.module.css";

const TFJS_CODE = `import * as tf from "@tensorflow/tfjs";

const model = await tf.loadLayersModel("model.json");
const logits = model.predict(images); // [n, 32, 32, 3]`;

const ONNX_CODE = `import onnxruntime

session = onnxruntime.InferenceSession("network.onnx")
name = session.get_inputs()[0].name
(logits,) = session.run(None, {name: images})  # [n, 3, 32, 32]`;

const TORCH_CODE = `import network  # the network.py of the download

net = network.load("network.pth").eval()
logits = net(images)  # [n, 3, 32, 32]`;

const SAFETENSORS_CODE = `from safetensors.numpy import load_file

weights = load_file("network.safetensors")
for name, value in weights.items():
    print(name, value.shape)  # conv1/kernel (3, 3, 3, 9)`;

const REPORT_CODE = `import json

report = json.load(open("report.json"))
print(report["after"]["evaluation"], report["plan"]["achieved"])`;

export function ExportStep() {
  const session = usePage((state) => state.session);
  if (session === null) {
    return <p className={styles.none}>There is no network yet; open one under Load.</p>;
  }
  return (
    <StepLayout
      controls={
        <>
          <Problem step="export" />
          <h2>What is written</h2>
          <p className="quiet">
            The network on the page, {session.name}: {largeText(session.cost.parameters)}{" "}
            parameters, {largeText(session.cost.macs)} MACs, {bytes(session.cost.bytes)} of weights.
            Each file is read back and compared before it is handed out.
          </p>
          <RunsTable />
        </>
      }
    >
      <Truths />
      <div className={styles.formats}>
        <NetworkFormat
          format="tfjs"
          title="TensorFlow.js layers model"
          text="A .zip with model.json and its weights. Plain TensorFlow.js opens it, without any class of Espalier's; so do tfjs-node and its converter."
          code={TFJS_CODE}
          language="JavaScript"
        />
        <NetworkFormat
          format="onnx"
          title="ONNX"
          text="Opset 13 with batch norms kept, for onnxruntime, TensorRT, OpenVINO, MNN and the rest. Images are [channel, height, width]; the batch is free."
          code={ONNX_CODE}
          language="Python"
        />
        <NetworkFormat
          format="torch"
          title="PyTorch"
          text="A .zip with the state_dict, which torch.load(weights_only=True) opens, and a module in plain PyTorch that takes it."
          code={TORCH_CODE}
          language="Python"
        />
        <NetworkFormat
          format="safetensors"
          title="safetensors"
          text="All weights in one file, with the structure in its header, for Python, Rust or Espalier itself. Kernels are [height, width, in, out]."
          code={SAFETENSORS_CODE}
          language="Python"
        />
        <ReportFormat />
      </div>
    </StepLayout>
  );
}

const EXTENSIONS: Readonly<Record<ExportFormat, string>> = {
  tfjs: ".zip",
  onnx: ".onnx",
  torch: ".pth and .py",
  safetensors: ".safetensors",
};

interface NetworkFormatProps {
  readonly format: ExportFormat;
  readonly title: string;
  readonly text: string;
  readonly code: string;
  readonly language: string;
}

function NetworkFormat({ format, title, text, code, language }: NetworkFormatProps) {
  const { exportFiles } = useCommands();
  const [isWriting, setIsWriting] = useState(false);
  const [written, setWritten] = useState<string | null>(null);
  const save = async (): Promise<void> => {
    setIsWriting(true);
    const files = await exportFiles(format);
    setIsWriting(false);
    for (const file of files) download(file);
    const said = files.map((file) => `${file.name}, ${bytes(file.bytes.length)}`);
    setWritten(said.length === 0 ? null : said.join("; "));
  };
  return (
    <Format
      title={title}
      text={text}
      written={written}
      button={
        <Button disabled={isWriting} onClick={() => void save()}>
          Download {EXTENSIONS[format]}
        </Button>
      }
    >
      <Snippet code={code} language={language} />
    </Format>
  );
}

function ReportFormat() {
  const { report } = useCommands();
  const [written, setWritten] = useState<string | null>(null);
  const save = (): void => {
    const file = report();
    download(file);
    setWritten(`${file.name}, ${count(file.bytes.length)} bytes`);
  };
  return (
    <Format
      title="Report"
      text="What was done and what came of it: plan, counts, accuracies with their sample sizes and intervals, backend, fingerprint."
      written={written}
      button={<Button onClick={save}>Download report</Button>}
    >
      <Snippet code={REPORT_CODE} language="Python" />
    </Format>
  );
}

interface FormatProps {
  readonly title: string;
  readonly text: string;
  readonly written: string | null;
  readonly button: ReactNode;
  readonly children: ReactNode;
}

function Format({ title, text, written, button, children }: FormatProps) {
  return (
    <section className={styles.format} aria-label={title}>
      <div className={styles.about}>
        <h2>{title}</h2>
        <p className="quiet">{text}</p>
        {button}
        <p className="quiet" role="status">
          {written === null ? "" : `Written: ${written}`}
        </p>
      </div>
      {children}
    </section>
  );
}
