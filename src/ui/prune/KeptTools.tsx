/**
 * @file What can be done with the numbers of the sheet: read them as a table below it, and take them away as
 * CSV or as a drawing of the bars.
 */
import { useState } from "react";
import {
  shownOf,
  useSensitivity,
  useSlider,
  useWorkbench,
  within,
  type Pruning,
} from "../../state/index.ts";
import { shareBar } from "../charts/bars.ts";
import type { ChartTable } from "../charts/chart-table.ts";
import { ChartTools, Numbers } from "../charts/ChartTools.tsx";
import { readPalette } from "../charts/ink.ts";
import { writeDrawing, type Drawing } from "../charts/write-drawing.ts";
import { count, percent } from "../format.ts";
import { wholeOf } from "./sheet-scene.ts";
import styles from "./LayerSheet.module.css";

const TITLE = "Channels kept of each layer";

interface KeptToolsProps {
  readonly pruning: Pruning;
  /** Channels before an earlier cut, by the layer's name. */
  readonly former: ReadonlyMap<string, number>;
}

export function KeptTools({ pruning, former }: KeptToolsProps) {
  const { slider, sensitivity } = useWorkbench();
  const [isTable, setIsTable] = useState(false);
  const kept = (): readonly number[] => {
    const { preview } = shownOf(slider.getState());
    return pruning.layers.map(({ of }, i) => preview?.kept[i] ?? of);
  };
  const table = (): ChartTable => {
    const { preview } = shownOf(slider.getState());
    const { curves, base } = sensitivity.getState();
    const now = kept();
    const isCut = former.size > 0;
    return {
      columns: isCut ? [...COLUMNS, BEGAN] : COLUMNS,
      rows: pruning.layers.map((layer, i) => {
        const { name, of } = layer;
        const samples = curves.get(name) ?? [];
        const safe = base === null ? null : within(samples, base, 0.01);
        const own = preview?.own[i] ?? now[i] ?? of;
        const cells = [name, of, now[i] ?? of, 1 - (now[i] ?? of) / of, own, safe];
        return isCut ? [...cells, wholeOf(layer, former)] : cells;
      }),
    };
  };
  return (
    <>
      <div className={styles.tools} role="group" aria-label={TITLE}>
        <ChartTools
          file="kept"
          table={table}
          isTable={isTable}
          onTable={setIsTable}
          svg={() => writeDrawing(drawingOf(pruning, kept()), readPalette())}
        />
      </div>
      {isTable && <Live table={table} />}
    </>
  );
}

/** Follows the plan for as long as it is looked at. */
function Live({ table }: { readonly table: () => ChartTable }) {
  useSlider((state) => state.preview);
  useSlider((state) => state.isUncut);
  useSensitivity((state) => state.curves);
  return <Numbers title={TITLE} {...table()} />;
}

const COLUMNS: ChartTable["columns"] = [
  { title: "Layer", name: "layer" },
  { title: "Channels", name: "channels", say: count },
  { title: "Kept", name: "kept", say: count },
  { title: "Removed", name: "removed_share", say: percent },
  { title: "By the method", name: "kept_by_method", say: count },
  { title: "Within 1 pt alone", name: "removed_within_a_point", say: percent },
];

/** Only where an earlier cut took some. */
const BEGAN: ChartTable["columns"][number] = {
  title: "Began with",
  name: "channels_before_any_cut",
  say: count,
};

/** Of the file, CSS pixels. */
const [NAME, BAR, COUNT, ROW] = [140, 320, 80, 24] as const;

function drawingOf({ layers }: Pruning, kept: readonly number[]): Drawing {
  return {
    width: NAME + BAR + COUNT,
    height: layers.length * ROW,
    bars: layers.map(({ of }, i) =>
      shareBar((kept[i] ?? of) / of, { x: NAME, y: i * ROW + 8, width: BAR, height: 8 }),
    ),
    lines: [],
    texts: layers.flatMap(({ name, of }, i) => [
      { x: 0, y: i * ROW + 16, text: name, isStrong: true },
      {
        x: NAME + BAR + COUNT,
        y: i * ROW + 16,
        text: `${count(kept[i] ?? of)} / ${count(of)}`,
        anchor: "end",
      },
    ]),
  };
}
