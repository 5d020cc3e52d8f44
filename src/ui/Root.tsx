/** @file The page with its theme and its workbench. */
import "./styles.ts";
import { MantineProvider } from "@mantine/core";
import { WorkbenchContext, type Workbench } from "../state/index.ts";
import { App } from "./App.tsx";
import { resolver, theme } from "./theme.ts";

export function Root({ workbench }: { readonly workbench: Workbench }) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={resolver} defaultColorScheme="auto">
      <WorkbenchContext value={workbench}>
        <App />
      </WorkbenchContext>
    </MantineProvider>
  );
}
