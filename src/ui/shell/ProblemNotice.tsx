/**
 * @file What was refused of files, images or another network, said where the person is: a file can be dropped on
 * any step. Under Load it stands among the controls.
 */
import { Button } from "@mantine/core";
import { useCommands, usePage } from "../../state/index.ts";
import { Notice } from "../parts/Notice.tsx";

export function ProblemNotice() {
  const text = usePage(({ step, problems }) => (step === "load" ? undefined : problems.load));
  const lacksImages = usePage(
    ({ data, awaitsImages }) => !awaitsImages && (data?.test ?? null) === null,
  );
  const { dismissProblem, loadData } = useCommands();
  if (text === undefined) return null;
  return (
    <Notice
      label="Refused"
      isWarning
      actions={
        lacksImages && (
          <Button size="compact-sm" onClick={() => void loadData("test")}>
            Load test images
          </Button>
        )
      }
      onDismiss={() => dismissProblem("load")}
      dismiss="Dismiss the refusal"
    >
      {text}
    </Notice>
  );
}
