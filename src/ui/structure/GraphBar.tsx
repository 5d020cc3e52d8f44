/** @file What stands above the drawing: the field that finds a layer, its scale, and the button that saves it. */
import { Button } from "@mantine/core";
import { percent, plural } from "../format.ts";
import { named } from "../parts/named.ts";
import { FindBlock } from "./FindBlock.tsx";
import type { Zoom } from "./use-zoom.ts";
import styles from "./GraphView.module.css";

interface GraphBarProps {
  /** The layers' names, in forward order. */
  readonly ids: readonly string[];
  readonly zooming: Zoom;
  readonly onFind: (id: string) => void;
  readonly onMatches: (ids: ReadonlySet<string>) => void;
  readonly onSave: () => void;
}

export function GraphBar({ ids, zooming, onFind, onMatches, onSave }: GraphBarProps) {
  const { scale, zoom, showWhole } = zooming;
  return (
    <div className={styles.bar}>
      <FindBlock ids={ids} onFind={onFind} onMatches={onMatches} />
      <p className="quiet">
        {plural(ids.length, "layer")}
        <span className={styles.hint}>
          ; arrow keys follow the data, a click tells all of a layer
        </span>
      </p>
      <Button size="compact-xs" {...named("Smaller", "−")} onClick={() => zoom(0.8)}>
        −
      </Button>
      <span className={styles.scale}>{percent(scale, scale < 0.1 ? 1 : 0)}</span>
      <Button size="compact-xs" {...named("Larger", "+")} onClick={() => zoom(1.25)}>
        +
      </Button>
      <Button size="compact-xs" title="All of it (0)" onClick={showWhole}>
        Fit
      </Button>
      <Button size="compact-xs" title="Save the drawing" onClick={onSave}>
        SVG
      </Button>
    </div>
  );
}
