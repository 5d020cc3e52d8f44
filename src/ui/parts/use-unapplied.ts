/** @file The cut that is set and not applied, for the steps that are about the network as it is. */
import { useMemo } from "react";
import { unappliedOf, useMethod, usePage, useSlider, type Unapplied } from "../../state/index.ts";

export function useUnapplied(): Unapplied | null {
  const session = usePage((state) => state.session);
  const leftOut = usePage((state) => state.leftOut);
  const method = useMethod((state) => state.method);
  const text = useMethod((state) => state.text);
  const ratio = useSlider((state) => state.ratio);
  const preview = useSlider((state) => state.preview);
  return useMemo(
    () => unappliedOf({ session, leftOut }, { method, text }, { ratio, preview }),
    [session, leftOut, method, text, ratio, preview],
  );
}
