/**
 * @file What the page has to say about the link by which it was opened: why it was not followed, or which
 * network it is about, which only whoever has it can bring. One quiet line under the top bar.
 */
import { ActionIcon, Button } from "@mantine/core";
import { X } from "lucide-react";
import { useCommands, useSharing, type LinkNotice as Notice } from "../../state/index.ts";
import { pickFiles } from "../parts/pick-files.ts";
import styles from "./LinkNotice.module.css";

export function LinkNotice() {
  const notice = useSharing((state) => state.notice);
  const { dismissLink } = useCommands();
  if (notice === null) return null;
  return (
    <section
      className={styles.notice}
      aria-label="Link"
      role={notice.kind === "refused" ? "alert" : "status"}
      data-kind={notice.kind}
    >
      <p>{wordsOf(notice)}</p>
      <Answer notice={notice} />
      <ActionIcon aria-label="Dismiss the link" onClick={dismissLink}>
        <X size={16} />
      </ActionIcon>
    </section>
  );
}

function wordsOf(notice: Notice): string {
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

function Answer({ notice }: { readonly notice: Notice }) {
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
