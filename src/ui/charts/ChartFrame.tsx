/**
 * @file What every chart has around it: its title, the same numbers as a table, and both to take away, as
 * CSV and as SVG.
 */
import { useEffect, useId, useReducer, useRef, useState, type ReactNode } from "react";
import type { ChartTable } from "./chart-table.ts";
import styles from "./ChartFrame.module.css";
import { ChartTools, Numbers } from "./ChartTools.tsx";
import { writeSvg } from "./write-svg.ts";

interface ChartFrameProps {
  readonly title: string;
  /** The title as it stands there, where it is more than words. */
  readonly heading?: ReactNode;
  /** What files of it are called, without an ending. */
  readonly file: string;
  /** Made when it is asked for. */
  readonly table: () => ChartTable;
  /** The chart. */
  readonly children: ReactNode;
  /** The drawing as a file; without it, the first one among the children. */
  readonly svg?: () => string | null;
  /** Choices of the chart's own, beside its title. */
  readonly tools?: ReactNode;
}

export function ChartFrame(props: ChartFrameProps) {
  const { title, heading = title, file, table, children, svg, tools } = props;
  const [isTable, setIsTable] = useState(false);
  const body = useRef<HTMLDivElement>(null);
  const titleId = useId();
  const drawn = (): string | null => {
    const drawing = body.current?.querySelector("svg");
    return drawing ? writeSvg(drawing) : null;
  };
  return (
    <figure aria-labelledby={titleId} className={styles.frame}>
      <div className={styles.head}>
        <h3 id={titleId}>{heading}</h3>
        {tools}
        <ChartTools
          file={file}
          table={table}
          isTable={isTable}
          onTable={setIsTable}
          svg={svg ?? (isTable ? null : drawn)}
        />
      </div>
      {isTable && <Live title={title} table={table} />}
      {/* Not taken away: what measures its own size would not find itself again. */}
      <div ref={body} hidden={isTable}>
        {children}
      </div>
    </figure>
  );
}

/** How often an open table is read anew, ms: a run goes on, and the ratio moves, without rendering charts. */
const PULSE_MS = 500;

/** The numbers as they are now. */
function Live({ title, table }: Pick<ChartFrameProps, "title" | "table">) {
  const [, readAgain] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    const timer = setInterval(readAgain, PULSE_MS);
    return () => clearInterval(timer);
  }, []);
  return <Numbers title={title} {...table()} />;
}
