/**
 * @file A network that can be looked at and no more: why, what can be done, what could be read of it. The network on the
 * page stays what it was and is one press away.
 */
import { Button } from "@mantine/core";
import { useEffect, useRef } from "react";
import { sumOf, useCommands, usePage, useSketching, type Sketch } from "../../state/index.ts";
import { count, large, plural } from "../format.ts";
import { pickFiles } from "../parts/pick-files.ts";
import { SketchList } from "../structure/SketchList.tsx";
import { SketchScales } from "./SketchScales.tsx";
import styles from "./SketchSheet.module.css";

export function SketchSheet({ sketch }: { readonly sketch: Sketch }) {
  const why = useSketching((state) => state.why);
  const name = usePage((state) => state.session?.name ?? null);
  const { dismissSketch, openFiles } = useCommands();
  const { problems } = sumOf(sketch);
  const sheet = useRef<HTMLElement>(null);
  // In one column it stands below everything else.
  useEffect(() => {
    sheet.current?.scrollIntoView({ block: "start" });
  }, []);
  return (
    <section className={styles.sketch} ref={sheet} aria-label="Only to look at">
      <h2>{sketch.name} can be looked at, not run</h2>
      <p role="alert">{why}</p>
      <p className="quiet" id="sketch-why">
        {problems.length === 0
          ? "So it is not trained, pruned or exported here."
          : `So it is not trained, pruned or exported here: ${plural(problems.length, "layer")} of ${count(sketch.layers.length)} cannot be run.`}{" "}
        What could be read stands below.
        {name === null ? "" : ` On the page there is still ${name}.`}
      </p>
      <div className={styles.buttons}>
        <Button variant="filled" onClick={() => pickFiles((files) => void openFiles(files))}>
          Open another file…
        </Button>
        <Button onClick={dismissSketch}>
          {name === null ? "Put it aside" : `Back to ${name}`}
        </Button>
        {["Prune", "Train", "Export"].map((what) => (
          <Button key={what} disabled aria-describedby="sketch-why">
            {what}
          </Button>
        ))}
      </div>
      <Figures sketch={sketch} />
      <SketchScales scales={sketch.scales} />
      <SketchList sketch={sketch} />
    </section>
  );
}

function Figures({ sketch }: { readonly sketch: Sketch }) {
  const sum = sumOf(sketch);
  return (
    <dl className={styles.figures}>
      <Figure name="Layers" value={sketch.layers.length} open={0} />
      <Figure name="Parameters" value={sum.parameters} open={sum.uncountedParameters} />
      <Figure name="MACs per image" value={sum.macs} open={sum.uncountedMacs} />
    </dl>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: number;
  /** Layers in which it could not be counted. */
  readonly open: number;
}

function Figure({ name, value, open }: FigureProps) {
  const { value: number, unit } = large(value);
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span>{open > 0 ? `≥ ${number}` : number}</span> <small>{unit}</small>
      </dd>
      <dd className="quiet">
        {open > 0 ? `not counted in ${plural(open, "layer")}` : "as the file has them"}
      </dd>
    </div>
  );
}
