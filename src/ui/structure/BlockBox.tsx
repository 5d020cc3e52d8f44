/**
 * @file One block of the graph: name, what it does, the shape that leaves it, how many of its channels are
 * left of what it was, and what it costs.
 */
import { memo } from "react";
import { isChanged, type BlockPair } from "../../state/index.ts";
import { costText, restOfBlock, shapeText, titleOfBlock } from "./block-words.ts";
import type { PlacedBox } from "./layout.ts";
import styles from "./GraphView.module.css";

export const BOX_WIDTH = 216;
const LINE = 17;
const PADDING = 10;
const BAR = 6;
/** Characters of 12 pixels' height that fit into a line. */
const LETTERS = 31;

/** What the amounts of a block are beside. */
export interface Whole {
  /** All MACs of the network. */
  readonly macs: number;
  /** Those of its heaviest block. */
  readonly most: number;
}

/** The lines of text; the first is the name. */
function linesOf(pair: BlockPair, { macs }: Whole): readonly string[] {
  const block = pair.now ?? pair.was;
  if (block === null) return [];
  const rest = restOfBlock(block);
  return [block.id, titleOfBlock(block), rest, shapeLine(pair), costText(pair, macs)].filter(
    (line) => line !== "",
  );
}

function shapeLine({ now, was }: BlockPair): string {
  if (now === null) return "removed";
  const [channels, former] = [now.shape.at(-1), was?.shape.at(-1)];
  return former === undefined || former === channels
    ? shapeText(now)
    : `${shapeText(now)} of ${former}`;
}

/** A block that computes has a bar: of its MACs, or after a cut of the channels that it still has. */
function hasBar({ now, was }: BlockPair): boolean {
  const block = now ?? was;
  return block !== null && block.macs > 0;
}

export function boxHeight(pair: BlockPair, whole: Whole): number {
  return 2 * PADDING + linesOf(pair, whole).length * LINE + (hasBar(pair) ? BAR + 6 : 0);
}

interface BlockBoxProps {
  readonly pair: BlockPair;
  readonly box: PlacedBox;
  readonly index: number;
  readonly total: number;
  readonly whole: Whole;
  readonly isSelected: boolean;
  /** What was looked for. */
  readonly isFound: boolean;
  /** Too small for words. */
  readonly isTiny: boolean;
}

/** By its place: a node's name may hold spaces, which an element's id must not. */
export function boxId(index: number): string {
  return `block-${index}`;
}

export const BlockBox = memo(function BlockBox(props: BlockBoxProps) {
  const { pair, box, index, total, whole, isSelected, isFound, isTiny } = props;
  const lines = linesOf(pair, whole);
  const edge = pair.now === null ? "var(--clay)" : "var(--control)";
  return (
    <g
      id={boxId(index)}
      role="option"
      aria-selected={isSelected}
      aria-posinset={index + 1}
      aria-setsize={total}
      data-block={pair.id}
      className={styles.block}
      transform={`translate(${box.x} ${box.y})`}
    >
      <rect
        width={box.width}
        height={box.height}
        rx="6"
        fill={isSelected || isFound ? "var(--row)" : "var(--sheet)"}
        stroke={isSelected || isFound ? "var(--ink)" : edge}
        strokeWidth={isSelected ? 2.5 : 1.25}
        vectorEffect="non-scaling-stroke"
        strokeDasharray={pair.now === null ? "4 3" : undefined}
      />
      {isTiny && <title>{pair.id}</title>}
      {(isTiny ? [] : lines).map((line, i) => (
        <text
          // oxlint-disable-next-line react/no-array-index-key -- lines never move, and two may be equal
          key={i}
          x={PADDING}
          y={PADDING + i * LINE + 12}
          fontSize="12"
          fontWeight={i === 0 ? 600 : 400}
          fill={i === 0 || i === 1 ? "var(--ink)" : "var(--ink-2)"}
        >
          {/* The space keeps the lines apart where they are read out. */}
          {`${shorten(line)} `}
        </text>
      ))}
      {hasBar(pair) && <Bar pair={pair} box={box} whole={whole} isTiny={isTiny} />}
      {isChanged(pair) && pair.now !== null && (
        <circle cx={box.width - PADDING - 3} cy={PADDING + 7} r="3" fill="var(--clay)" />
      )}
    </g>
  );
});

type BarProps = Pick<BlockBoxProps, "pair" | "box" | "whole" | "isTiny">;

function Bar({ pair: { now, was }, box, whole, isTiny }: BarProps) {
  const room = box.width - 2 * PADDING;
  const [x, height] = [PADDING, isTiny ? box.height - 2 * PADDING : BAR];
  const place = { x, y: box.height - PADDING - height, height, rx: 1.5 };
  const [channels, former] = [now?.shape.at(-1) ?? 0, was?.shape.at(-1) ?? 0];
  const share = was === null ? (now?.macs ?? 0) / whole.most : channels / former;
  return (
    <>
      {was !== null && <rect {...place} width={room} fill="url(#gone)" />}
      <rect {...place} width={room * Math.min(1, share)} fill="var(--leaf)" />
    </>
  );
}

function shorten(text: string): string {
  return text.length <= LETTERS ? text : `${text.slice(0, LETTERS - 1)}…`;
}
