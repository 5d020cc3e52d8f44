/**
 * @file Why there is no accuracy: the images on the page do not belong to the network, or measuring was
 * refused. Said once for each network with its images, until it is dismissed or solved.
 */
import { Button } from "@mantine/core";
import { useState } from "react";
import {
  misfitMeasured,
  takesCifar10,
  useCommands,
  useMeasured,
  usePage,
  type Misfit,
} from "../../state/index.ts";
import { fittingImages, misfitSentence } from "../parts/misfit-words.ts";
import { Notice } from "../parts/Notice.tsx";
import { pickFiles } from "../parts/pick-files.ts";

export function MeasuringNotice() {
  const session = usePage((state) => state.session);
  const data = usePage((state) => state.data);
  const problem = useMeasured((state) => state.problem);
  const [dismissed, setDismissed] = useState("");
  const misfit = misfitMeasured({ session, data });
  const text = misfit === null ? problem : `${misfitSentence(misfit)} ${fittingImages(misfit)}`;
  if (text === null || text === dismissed) return null;
  return (
    <Notice
      label="Accuracy"
      isWarning={misfit === null}
      actions={misfit && <Answer misfit={misfit} />}
      onDismiss={() => setDismissed(text)}
      dismiss="Dismiss the note on accuracy"
    >
      {text}
    </Notice>
  );
}

function Answer({ misfit }: { readonly misfit: Misfit }) {
  const { loadData, openFiles, openShipped } = useCommands();
  return (
    <>
      <Button size="compact-sm" onClick={() => pickFiles((files) => void openFiles(files))}>
        Choose images…
      </Button>
      {takesCifar10(misfit) ? (
        <Button size="compact-sm" onClick={() => void loadData("test")}>
          Load CIFAR-10
        </Button>
      ) : (
        <Button size="compact-sm" onClick={() => void openShipped()}>
          Open a shipped network
        </Button>
      )}
    </>
  );
}
