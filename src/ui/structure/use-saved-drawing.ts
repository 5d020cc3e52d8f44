/** @file Saves the drawing with every block in it, also those that are out of sight and otherwise not drawn. */
import { useState } from "react";
import { flushSync } from "react-dom";
import { download } from "../parts/download.ts";
import { svgText } from "./svg-text.ts";

/** @returns whether all of it is to be drawn, and what saves it */
export function useSavedDrawing(
  svg: { readonly current: SVGSVGElement | null },
  name: string,
): { readonly isWhole: boolean; readonly save: () => void } {
  const [isWhole, setIsWhole] = useState(false);
  const save = (): void => {
    flushSync(() => setIsWhole(true));
    try {
      if (svg.current === null) return;
      const bytes = new TextEncoder().encode(svgText(svg.current));
      download({ name: `${name}-structure.svg`, bytes });
    } finally {
      setIsWhole(false);
    }
  };
  return { isWhole, save };
}
