/** @file What the page's actions reach, made once. */
import { useMantineColorScheme } from "@mantine/core";
import { useMemo } from "react";
import { useWorkbench } from "../../state/index.ts";
import type { Overlay, Reach } from "../actions/action.ts";
import { sharePage } from "./share-page.ts";

export function useReach(overlay: (which: Overlay) => void): Reach {
  const bench = useWorkbench();
  const { setColorScheme } = useMantineColorScheme();
  return useMemo(
    () => ({ bench, overlay, setScheme: setColorScheme, share: () => sharePage(bench.commands) }),
    [bench, overlay, setColorScheme],
  );
}
