/** @file Downloads the network as the slider would cut it, without applying anything. */
import { Button, Menu } from "@mantine/core";
import { ChevronDown } from "lucide-react";
import { useCommands, useSlider } from "../../state/index.ts";
import type { ExportFormat } from "../../worker/protocol.ts";
import { copyText } from "../parts/copy-text.ts";
import { download } from "../parts/download.ts";

export function DownloadMenu() {
  const { exportFiles, report, writeCut, sayCopied } = useCommands();
  const isCut = useSlider((state) => (state.preview?.removed ?? 0) > 0);
  const save = async (format: ExportFormat): Promise<void> => {
    const delivered = await exportFiles(format, { isCut: true });
    for (const file of delivered?.files ?? []) download(file);
  };
  const copy = async (as: "command line" | "recipe"): Promise<void> => {
    const text = writeCut(as);
    if (text !== null) sayCopied(as, await copyText(text));
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button rightSection={<ChevronDown size={14} aria-hidden="true" />}>Download</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Cut as shown</Menu.Label>
        <Menu.Item onClick={() => void save("bundle")}>Bundle of all, .zip</Menu.Item>
        <Menu.Item onClick={() => void save("tfjs")}>TensorFlow.js, .zip</Menu.Item>
        <Menu.Item onClick={() => void save("onnx")}>ONNX, .onnx</Menu.Item>
        <Menu.Item onClick={() => void save("torch")}>PyTorch, .pth with its .py</Menu.Item>
        <Menu.Item onClick={() => void save("safetensors")}>Weights, .safetensors</Menu.Item>
        <Menu.Item onClick={() => download(report(true))}>Report, .json</Menu.Item>
        <Menu.Divider />
        <Menu.Item disabled={!isCut} onClick={() => void copy("command line")}>
          Copy as command line
        </Menu.Item>
        <Menu.Item disabled={!isCut} onClick={() => void copy("recipe")}>
          Copy recipe, JSON
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
