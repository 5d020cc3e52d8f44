/** @file The Export step: each file, what it is for, and the code that opens it. */
import { Button } from "@mantine/core";
import { useState } from "react";
import { useCommands, usePage } from "../../state/index.ts";
import { bytes, count, figures, largeText } from "../format.ts";
import { download } from "../parts/download.ts";
import { Problem } from "../parts/Problem.tsx";
import { StepLayout } from "../parts/StepLayout.tsx";
import { Truths } from "../parts/Truths.tsx";
import { UnappliedCut } from "../parts/UnappliedCut.tsx";
import { RunsTable } from "../prune/RunsTable.tsx";
import { Format } from "./Format.tsx";
import { NetworkFormat } from "./NetworkFormat.tsx";
import { Snippets } from "./Snippets.tsx";
import styles from "./ExportStep.module.css";

const REPORT_CODE = `import json

report = json.load(open("report.json"))
print(report["after"]["evaluation"], report["exports"])`;

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
          <UnappliedCut />
          <section className={styles.written} aria-labelledby="written-title">
            <h2 id="written-title">What is written</h2>
            <p className="quiet">
              The network on the page, {session.name}: {largeText(session.cost.parameters)}{" "}
              parameters, {largeText(session.cost.macs)} MACs, {bytes(session.cost.bytes)} of
              weights.
            </p>
            <details className={styles.details}>
              <summary>Each file is read back before it is handed out</summary>
              <p className="quiet">
                The weights have to be the same bits, and so have the logits on this machine's
                backend. The proof and the SHA-256 of the file go into the report.
              </p>
            </details>
            <Feeding />
          </section>
          <RunsTable />
        </>
      }
    >
      <Truths />
      <div className={styles.formats}>
        <NetworkFormat
          format="bundle"
          title="Bundle"
          purpose="To come back here, or to have everything"
          text="One .zip with TensorFlow.js, ONNX with batch norms folded, PyTorch; recipe, plan and report; code that opens it in Python and JavaScript; what MNN needs. Espalier opens it again."
        />
        <NetworkFormat
          format="tfjs"
          title="TensorFlow.js layers model"
          purpose="To run it in the browser"
          text="A .zip with model.json and its weights. Plain TensorFlow.js opens it, without any class of Espalier's; so do tfjs-node and its converter."
        />
        <NetworkFormat
          format="torch"
          title="PyTorch"
          purpose="To go on in PyTorch"
          text="A .zip with the state_dict, which torch.load(weights_only=True) opens, and a module in plain PyTorch that takes it."
        />
        <NetworkFormat
          format="onnx"
          title="ONNX"
          purpose="To deploy it"
          text="Opset 13, for onnxruntime, TensorRT, OpenVINO, MNN and the rest. Images are [channel, height, width]; the batch is free."
        />
        <h2 className={styles.others}>For other tools, and the record</h2>
        <NetworkFormat
          format="torch-safetensors"
          title="safetensors for PyTorch"
          text="The same state_dict as .safetensors, with the module. Ten lines read it; the safetensors package does, too."
        />
        <NetworkFormat
          format="safetensors"
          title="safetensors"
          text="All weights in one file, with the structure in its header, for Python, Rust or Espalier itself. Kernels are [height, width, in, out]."
        />
        <ReportFormat />
      </div>
    </StepLayout>
  );
}

/** What the network must be fed: whoever opens the files has to know. */
function Feeding() {
  const normalization = usePage((state) => state.session?.normalization ?? null);
  const { goTo } = useCommands();
  if (normalization === null || normalization.value.mean.length > 4) return null;
  const { value, source } = normalization;
  return (
    <p className="quiet">
      Pixels in 0…1 go in as (x − mean) / deviation, mean {figures(value.mean)}, deviation{" "}
      {figures(value.std)}.
      {source === "assumed" && (
        <>
          {" "}
          That is assumed, and the files leave it open;{" "}
          <button type="button" className={styles.link} onClick={() => goTo("load")}>
            choose under Load
          </button>{" "}
          to write it down.
        </>
      )}
    </p>
  );
}

function ReportFormat() {
  const { report } = useCommands();
  const [written, setWritten] = useState("");
  const save = (): void => {
    const file = report();
    download(file);
    setWritten(`Written: ${file.name}, ${count(file.bytes.length)} bytes`);
  };
  return (
    <Format
      title="Report"
      text="What was done and what came of it: plan, counts, accuracies with their sample sizes and intervals, backend, fingerprint, and every file written here with its SHA-256."
      code={<Snippets snippets={[{ title: "Python", code: REPORT_CODE }]} />}
    >
      <Button onClick={save}>Download report</Button>
      <p className="quiet" role="status">
        {written}
      </p>
    </Format>
  );
}
