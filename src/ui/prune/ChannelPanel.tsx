/**
 * @file The channel inspector: one channel's filter, figures, feature map, and what the network loses
 * without it. It stands beside the sheet, or below it where there is no room, and is no dialog: the sheet
 * goes on. Escape closes it; what is not known yet stands as a dash.
 */
import { ActionIcon } from "@mantine/core";
import { ChevronLeft, ChevronRight, X } from "lucide-react";
import { useEffect, useRef, type KeyboardEvent } from "react";
import {
  channelFacts,
  useCommands,
  useInspecting,
  useMethod,
  useWorkbench,
  type ChannelFacts,
  type Pruning,
} from "../../state/index.ts";
import { count } from "../format.ts";
import { heldBack } from "../parts/held-back.ts";
import { named } from "../parts/named.ts";
import { setText, useFrame } from "../parts/use-frame.ts";
import { useIsWide } from "../parts/use-media.ts";
import { ChannelCost } from "./ChannelCost.tsx";
import { ChannelFigures } from "./ChannelFigures.tsx";
import { ChannelMap } from "./ChannelMap.tsx";
import { channelName, coupledWords, originName } from "./channel-words.ts";
import { FilterView } from "./FilterView.tsx";
import styles from "./ChannelPanel.module.css";

interface ChannelPanelProps {
  /** Beside the sheet, and not below it. */
  readonly isBeside: boolean;
  /** Closes it and gives the keyboard back to the rows. */
  readonly onClose: () => void;
}

export function ChannelPanel({ isBeside, onClose }: ChannelPanelProps) {
  const pruning = useMethod((state) => state.pruning);
  const chosen = useInspecting((state) => state.chosen);
  if (chosen === null || pruning === null) return null;
  const index = pruning.layers.findIndex(({ name }) => name === chosen.layer);
  const rank = pruning.layers[index]?.order.indexOf(chosen.channel) ?? -1;
  const facts = channelFacts(pruning, null, index, rank);
  if (facts === null) return null;
  return <Panel pruning={pruning} facts={facts} isBeside={isBeside} onClose={onClose} />;
}

interface PanelProps extends ChannelPanelProps {
  readonly pruning: Pruning;
  readonly facts: ChannelFacts;
}

function Panel({ pruning, facts, isBeside, onClose }: PanelProps) {
  const panel = useRef<HTMLElement>(null);
  const isWide = useIsWide();
  useEffect(() => {
    const title = panel.current?.querySelector<HTMLElement>("[data-panel-title]");
    title?.focus({ preventScroll: true });
    if (isBeside) title?.scrollIntoView({ block: "nearest" });
    // Below the sheet there is little of it to be seen otherwise, and of the sheet as much as there is room for.
    else panel.current?.scrollIntoView({ block: isWide ? "nearest" : "start" });
    // As it opens, and not when the window changes.
    // eslint-disable-next-line react/exhaustive-deps
  }, []);
  const { places } = facts;
  const [first] = places;
  const anatomy =
    first === undefined ? null : pruning.anatomyOf(first.layer, first.channels[0] ?? 0);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    // Nothing else is to be cancelled by it.
    event.preventDefault();
    onClose();
  };
  return (
    // What is pressed inside is heard here; the panel itself is no control.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section
      ref={panel}
      id="channel-panel"
      className={styles.panel}
      aria-label="Channel"
      onKeyDown={onKeyDown}
    >
      <PanelHead facts={facts} onClose={onClose} />
      {first !== undefined && originName(first) !== null && (
        <p className="quiet">channel {originName(first)} before the cut</p>
      )}
      {places.length > 1 && <p className={styles.coupled}>{coupledWords(facts)}</p>}
      {anatomy !== null && first !== undefined && (
        <>
          <FilterView anatomy={anatomy} layer={first.layer} />
          <ChannelFigures pruning={pruning} facts={facts} anatomy={anatomy} />
          <ChannelCost facts={facts} />
          <ChannelMap channel={first.channels[0] ?? 0} node={anatomy.seenAt} />
        </>
      )}
    </section>
  );
}

/** Which channel it is, and the way to its neighbours and out. */
function PanelHead({ facts, onClose }: Pick<PanelProps, "facts" | "onClose">) {
  const { inspectNext } = useCommands();
  const {
    layer,
    rank,
    places: [first],
  } = facts;
  return (
    <>
      <header className={styles.head}>
        <h2 tabIndex={-1} data-panel-title>
          {layer.name}
          {first === undefined ? "" : `, ${channelName(first)}`}
        </h2>
        <ActionIcon aria-label="Close the channel" onClick={onClose}>
          <X size={16} aria-hidden="true" />
        </ActionIcon>
      </header>
      <div className={styles.steps}>
        <p className="quiet">
          rank {count(rank + 1)} of {count(layer.of)}, <Kept {...facts} />
        </p>
        <ActionIcon
          {...named("Previous channel, with a larger score")}
          {...heldBack(rank === 0)}
          onClick={() => inspectNext(-1)}
        >
          <ChevronLeft size={16} aria-hidden="true" />
        </ActionIcon>
        <ActionIcon
          {...named("Next channel, with a smaller score")}
          {...heldBack(rank === layer.of - 1)}
          onClick={() => inspectNext(1)}
        >
          <ChevronRight size={16} aria-hidden="true" />
        </ActionIcon>
      </div>
    </>
  );
}

/** Follows the slider without rendering. */
function Kept({ index, rank }: ChannelFacts) {
  const { slider, method } = useWorkbench();
  const word = useRef<HTMLElement>(null);
  useFrame([slider, method], () => {
    const { pruning } = method.getState();
    const { preview } = slider.getState();
    const facts = pruning === null ? null : channelFacts(pruning, preview, index, rank);
    setText(word.current, facts?.isKept === false ? "removed" : "kept");
    if (word.current !== null) word.current.dataset["kept"] = String(facts?.isKept ?? true);
  });
  return <b ref={word} className={styles.kept} />;
}
