/** @file How the network is fed, in a line of the facts, with the way to change it. */
import {
  mayChooseNormalization,
  titleOf,
  useCommands,
  useNormalizing,
  usePage,
  type SessionNormalization,
} from "../../state/index.ts";
import { figures } from "../format.ts";
import { ChangeLink } from "./ChangeLink.tsx";

/** The present answer in a line, with the way to another one. */
export function NormalizationFact() {
  const normalization = usePage((state) => state.session?.normalization ?? null);
  const mayChoose = usePage(mayChooseNormalization);
  const isOpen = useNormalizing((state) => state.isOpen);
  const { openNormalization } = useCommands();
  if (normalization === null) return null;
  const { value, source } = normalization;
  const isAsked = isOpen || source === "assumed";
  return (
    <>
      {titleOf(value) ?? ownFigures(value)}
      {SOURCE_WORDS[source]}
      {mayChoose && !isAsked && <ChangeLink of="the normalization" onClick={openNormalization} />}
    </>
  );
}

const SOURCE_WORDS: Readonly<Record<SessionNormalization["source"], string>> = {
  said: "",
  assumed: ", assumed",
  chosen: ", chosen here",
  remembered: ", chosen before",
};

function ownFigures({ mean, std }: SessionNormalization["value"]): string {
  return mean.length > 4 ? "own figures" : `mean ${figures(mean)}; deviation ${figures(std)}`;
}
