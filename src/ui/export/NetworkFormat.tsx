/** @file The network in one format: its choices, its button, and the proof of the file that was written. */
import { Button } from "@mantine/core";
import { useMemo, useState } from "react";
import {
  snippetsFor,
  useCommands,
  useExports,
  usePage,
  wholeName,
  type ExportOptions,
} from "../../state/index.ts";
import type { ExportFormat } from "../../worker/protocol.ts";
import { download } from "../parts/download.ts";
import { heldBack } from "../parts/held-back.ts";
import { useUnapplied } from "../parts/use-unapplied.ts";
import { FoldChoice } from "./FoldChoice.tsx";
import { Format } from "./Format.tsx";
import { Proof } from "./Proof.tsx";
import { Snippets } from "./Snippets.tsx";

const EXTENSIONS: Readonly<Record<ExportFormat, string>> = {
  bundle: "bundle",
  tfjs: ".zip",
  onnx: ".onnx",
  torch: ".pth and .py",
  "torch-safetensors": ".safetensors and .py",
  safetensors: ".safetensors",
};

interface NetworkFormatProps {
  readonly format: ExportFormat;
  readonly title: string;
  readonly purpose?: string;
  readonly text: string;
}

export function NetworkFormat({ format, title, purpose, text }: NetworkFormatProps) {
  const { exportFiles } = useCommands();
  const unapplied = useUnapplied();
  const isAsked = unapplied !== null && !unapplied.isLeftOut;
  const session = usePage((state) => state.session);
  const [isWriting, setIsWriting] = useState(false);
  const [fold, setFold] = useState<ExportOptions["fold"]>();
  const name = session === null ? "" : wholeName(session.key);
  const record = useExports((state) =>
    state.records.get(name)?.findLast((one) => one.format === format),
  );
  const network = session?.network;
  const snippets = useMemo(
    () => (network === undefined ? [] : snippetsFor(format, network)),
    [format, network],
  );
  const save = async (): Promise<void> => {
    setIsWriting(true);
    const delivered = await exportFiles(format, { fold });
    setIsWriting(false);
    for (const file of delivered?.files ?? []) download(file);
  };
  return (
    <Format title={title} purpose={purpose} text={text} code={<Snippets snippets={snippets} />}>
      {format === "onnx" && network !== undefined && (
        <FoldChoice network={network} fold={fold} onChange={setFold} />
      )}
      <Button
        variant={format === "bundle" && !isAsked ? "filled" : "default"}
        {...heldBack(isWriting)}
        onClick={() => {
          if (!isWriting) void save();
        }}
      >
        {isWriting
          ? "Writing and reading back…"
          : `Download ${EXTENSIONS[format]}${unapplied === null ? "" : ", uncut"}`}
      </Button>
      <div role="status">{record !== undefined && <Proof record={record} />}</div>
    </Format>
  );
}
