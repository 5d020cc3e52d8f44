/**
 * @file The second press of a double click is not meant for what another step has put below the pointer: a hand
 * that presses "Prune it" twice must not cut.
 */
import { useEffect } from "react";
import { useWorkbench } from "../../state/index.ts";

export function useSteadyClicks(): void {
  const { page } = useWorkbench();
  useEffect(() => {
    let begun = page.getState().step;
    const onClick = (event: MouseEvent): void => {
      const { step } = page.getState();
      if (event.detail < 2) begun = step;
      else if (begun !== step) {
        event.preventDefault();
        event.stopPropagation();
      }
    };
    document.addEventListener("click", onClick, { capture: true });
    return () => document.removeEventListener("click", onClick, { capture: true });
  }, [page]);
}
