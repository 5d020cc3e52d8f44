/**
 * @file safetensors → Network, for files that carry their graph, as ours do. Weights alone are read by
 * `state-dict.ts`; where only a file of ours will do, as inside a bundle, they are refused by name.
 */
import { AppError } from "../../core/index.ts";
import type { Tensor } from "../../model/index.ts";
import { assembleNetwork } from "../assemble.ts";
import { at } from "../bytes.ts";
import { checkVersion, readGraph, readMetadata } from "../graph.ts";
import type { Imported } from "../imported.ts";
import { parseJsonText } from "../json.ts";
import { LIMITS } from "../limits.ts";
import { toFloat32 } from "./dtypes.ts";
import { readHeader, type SafetensorsHeader } from "./header.ts";

/**
 * Reads a whole file.
 * @param bytes — borrowed; the weights are copies
 * @throws what {@link readHeader} and {@link assembleNetwork} throw; files/unsupported when there is
 *   no graph, files/dtype-unsupported for integers
 */
export function readSafetensors(bytes: Uint8Array, file: string): Imported {
  const header = readHeader(bytes, file);
  const { graph, metadata } = readOurs(header, file);
  const tensors = new Map<string, Tensor>();
  const converted = new Set<string>();
  for (const { name, dtype, shape, begin, end } of header.tensors) {
    const values = toFloat32(bytes.subarray(begin, end), dtype);
    if (values === undefined) {
      throw new AppError("files/dtype-unsupported", {
        where: at(file, name),
        expected: "F32",
        found: dtype,
      });
    }
    if (dtype !== "F32") converted.add(dtype);
    tensors.set(name, { shape, values });
  }
  return {
    network: assembleNetwork({ graph, metadata, tensors }, file),
    notes: [...converted].map((dtype) => `weights stored as ${dtype} were converted to float32`),
  };
}

function readOurs({ metadata: texts, tensors }: SafetensorsHeader, file: string) {
  const graphText = texts.get("graph");
  if (texts.get("format") !== "espalier" || graphText === undefined) {
    throw new AppError("files/unsupported", {
      where: file,
      expected: "a network graph beside the weights",
      found: tensors[0] === undefined ? "no weights" : `weights alone, such as ${tensors[0].name}`,
      hint: "drop a safetensors file that Espalier wrote, or a tfjs model.json with its shards",
    });
  }
  const place = (field: string): string => at(file, "__metadata__", field);
  checkVersion(texts.get("version") ?? "none", place("version"));
  const graph = readGraph(parseField(graphText, place("graph")), place("graph"));
  const text = texts.get("metadata") ?? "{}";
  const metadata = readMetadata(parseField(text, place("metadata")), graph, place("metadata"));
  return { graph, metadata };
}

function parseField(text: string, where: string): unknown {
  if (text.length <= LIMITS.jsonBytes) return parseJsonText(text, where);
  throw new AppError("files/over-limit", {
    where,
    expected: `at most ${LIMITS.jsonBytes} characters`,
    found: String(text.length),
  });
}
