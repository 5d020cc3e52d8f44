/**
 * @file What the page has to say about the link by which it was opened: why it was not followed, or which
 * network it is about, which only whoever has it can bring.
 */
import { Button } from "@mantine/core";
import { useCommands, useSharing, type LinkNotice as Said } from "../../state/index.ts";
import { Notice } from "../parts/Notice.tsx";
import { pickFiles } from "../parts/pick-files.ts";

export function LinkNotice() {
  const notice = useSharing((state) => state.notice);
  const { dismissLink } = useCommands();
  if (notice === null) return null;
  return (
    <Notice
      label="Link"
      isWarning={notice.kind === "refused"}
      actions={<Answer notice={notice} />}
      onDismiss={dismissLink}
      dismiss="Dismiss the link"
    >
      {wordsOf(notice)}
    </Notice>
  );
}

function wordsOf(notice: Said): string {
  switch (notice.kind) {
    case "refused":
      return notice.text;
    case "wanted":
      return `The link is about ${notice.name}, which is not in it. Drop that file here, and it is cut as the link says.`;
    case "other":
      return `${notice.brought} is not the ${notice.name} of the link: graph or weights differ. Nothing was cut.`;
    default:
      return notice satisfies never;
  }
}

function Answer({ notice }: { readonly notice: Said }) {
  const { openFiles, applyLinkAnyway } = useCommands();
  if (notice.kind === "refused") return null;
  return (
    <>
      {notice.kind === "other" && (
        <Button size="compact-sm" onClick={applyLinkAnyway}>
          Cut it so anyway
        </Button>
      )}
      <Button size="compact-sm" onClick={() => pickFiles((files) => void openFiles(files))}>
        {notice.kind === "wanted" ? "Choose it…" : "Choose another…"}
      </Button>
    </>
  );
}
