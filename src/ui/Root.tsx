/** @file The page with its theme and its workbench. */
import "./styles.ts";
import { useEffect } from "react";
import { MantineProvider } from "@mantine/core";
import { WorkbenchContext, type Workbench } from "../state/index.ts";
import { App } from "./App.tsx";
import { resolver, theme } from "./theme.ts";

interface RootProps {
  readonly workbench: Workbench;
  /** Called once the page is there. */
  readonly onShown?: () => void;
}

export function Root({ workbench, onShown }: RootProps) {
  useEffect(() => onShown?.(), [onShown]);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={resolver} defaultColorScheme="auto">
      <WorkbenchContext value={workbench}>
        <App />
      </WorkbenchContext>
    </MantineProvider>
  );
}
