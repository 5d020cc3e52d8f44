/** @file What a run shows while it goes: four figures, what can be done about it, the curves and the scales. */
import { useTraining, type Purpose } from "../../state/index.ts";
import { Truths } from "../parts/Truths.tsx";
import { Compare } from "./Compare.tsx";
import { Curves } from "./Curves.tsx";
import { Figures } from "./Figures.tsx";
import { Outcome } from "./Outcome.tsx";

export function TrainingSheet({ purpose }: { readonly purpose: Purpose }) {
  const owner = useTraining((state) => state.purpose);
  const isMine = owner === purpose;
  return (
    <>
      {isMine ? <Figures /> : <Truths />}
      <Outcome purpose={purpose} />
      {purpose === "finetune" && <Compare />}
      <h2 className="visually-hidden">Curves</h2>
      <Curves purpose={purpose} isMine={isMine} />
    </>
  );
}
