/**
 * @file A network made ready to be deployed: selections and batch norms folded away where that
 * changes nothing but rounding, and an account of what could not be.
 */
import { costOf, type Network, type NodeName, type OpKind } from "../model/index.ts";
import { noteFolding } from "../prune/index.ts";
import { foldBatchNorms } from "./fold-batch-norms.ts";
import { foldSelections, type SelectionOptions } from "./fold-selections.ts";

export interface FoldOptions extends SelectionOptions {
  /** Folds batch norms; true by default. */
  readonly batchNorms?: boolean;
}

/** How many nodes of a kind there were, and those that stay. */
export interface FoldCount {
  readonly of: number;
  readonly left: readonly NodeName[];
}

export interface Folded {
  readonly network: Network;
  readonly batchNorms: FoldCount;
  readonly selections: FoldCount;
  readonly macs: { readonly before: number; readonly after: number };
  /** The same in sentences. */
  readonly notes: readonly string[];
}

/**
 * Folds what can be folded. Selections go first: one that is pushed back into a layer lets a batch norm
 * behind it follow.
 * @throws files/not-finite where a variance is so small that the weights overflow
 */
export function foldNetwork(network: Network, options: FoldOptions = {}): Folded {
  const selected = foldSelections(network, options);
  const made = options.batchNorms === false ? selected : foldBatchNorms(selected);
  const folded = made.nodes.length < network.nodes.length ? noteFolding(made) : made;
  const batchNorms = countOf("batchNorm", network, folded);
  const selections = countOf("channelSelect", network, folded);
  const macs = { before: costOf(network).macs, after: costOf(folded).macs };
  const notes = [
    ...(options.batchNorms === false ? [] : batchNormNotes(batchNorms)),
    ...selectionNotes(selections),
    ...(macs.after === macs.before ? [] : [`MACs went from ${macs.before} to ${macs.after}`]),
  ];
  return { network: folded, batchNorms, selections, macs, notes };
}

function countOf(kind: OpKind, before: Network, after: Network): FoldCount {
  const named = ({ nodes }: Network): NodeName[] =>
    nodes.filter(({ op }) => op.kind === kind).map(({ name }) => name);
  return { of: named(before).length, left: named(after) };
}

function batchNormNotes({ of, left }: FoldCount): string[] {
  if (of === 0) return [];
  const folded = `${of - left.length} of ${of} batch norms were folded into the layers in front of them`;
  if (left.length === 0) return [folded];
  return [folded, `kept, because they read no layer or one that others read too: ${listOf(left)}`];
}

function selectionNotes({ of, left }: FoldCount): string[] {
  if (of === 0) return [];
  const folded = `${of - left.length} of ${of} channel selections were folded away`;
  return left.length === 0 ? [folded] : [folded, `kept: ${listOf(left)}`];
}

/** Names that still make a sentence. */
const MOST_NAMES = 6;

function listOf(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(", ");
  const more = names.length - MOST_NAMES;
  return more > 0 ? `${shown} and ${more} more` : shown;
}
