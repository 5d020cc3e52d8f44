/**
 * @file What was refused of files, images or another network, said where the person is: a file can be dropped on
 * any step. Under Load it stands among the controls.
 */
import { useCommands, usePage } from "../../state/index.ts";
import { Notice } from "../parts/Notice.tsx";

export function ProblemNotice() {
  const text = usePage(({ step, problems }) => (step === "load" ? undefined : problems.load));
  const { dismissProblem } = useCommands();
  if (text === undefined) return null;
  return (
    <Notice
      label="Refused"
      isWarning
      onDismiss={() => dismissProblem("load")}
      dismiss="Dismiss the refusal"
    >
      {text}
    </Notice>
  );
}
