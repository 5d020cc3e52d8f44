/**
 * @file What of a person's own would be lost with the page, since the browser does not keep it: why, with sizes, and what
 * can be done. Under Load the project says it itself. Said again when it is another trouble.
 */
import { Button } from "@mantine/core";
import { useState } from "react";
import { useCommands, useKeeping, usePage, useRoom } from "../../state/index.ts";
import { sizeOfRuns, troubleWords } from "../load/keeping-words.ts";
import { useSaveProject } from "../load/Project.tsx";
import { Notice } from "../parts/Notice.tsx";

export function KeepingNotice() {
  const trouble = useKeeping((state) => (state.isAtRisk ? state.trouble : null));
  const [dismissed, setDismissed] = useState<typeof trouble>(null);
  const size = usePage((state) => sizeOfRuns(state.runs));
  const room = useRoom((state) => state);
  const { goTo, keepAgain } = useCommands();
  const save = useSaveProject();
  const isSaidThere = usePage((state) => state.step === "load");
  if (trouble === null || trouble === dismissed || isSaidThere) return null;
  return (
    <Notice
      label="Keeping"
      isWarning
      actions={
        <>
          <Button size="compact-sm" onClick={save}>
            Save to a file
          </Button>
          {trouble === "full" && (
            <Button size="compact-sm" onClick={() => goTo("load")}>
              What takes how much
            </Button>
          )}
          <Button size="compact-sm" onClick={() => void keepAgain()}>
            Try again
          </Button>
        </>
      }
      onDismiss={() => setDismissed(trouble)}
      dismiss="Dismiss the note on keeping"
    >
      {troubleWords(trouble, size, room)}
    </Notice>
  );
}
