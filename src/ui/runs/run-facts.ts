/**
 * @file What a run was told, in the words of the page's controls: each fact under a name, so that runs can
 * be held against each other, and all of them as a line.
 */
import { nameOfRun, readCriterion, whereOf, type Fact, type Run } from "../../state/index.ts";
import { count, plural } from "../format.ts";
import { criterionTitle, SCOPES } from "../prune/method-words.ts";

type Pruned = Extract<Run["making"], { kind: "pruned" }>;
type Trained = Extract<Run["making"], { trained: unknown }>["trained"];

/** The facts of a run, in the order in which they are said. */
export function factsOf(run: Run, runs: readonly Run[]): readonly Fact[] {
  const { making, parent, session } = run;
  if (making.kind === "loaded") return [{ name: "origin", text: session.origin }];
  const from = runs.find(({ id }) => id === parent);
  return [
    ...(from === undefined ? [] : [{ name: "from", text: `from ${nameOfRun(from)}` }]),
    ...(making.kind === "pruned" ? prunedFacts(making) : trainedFacts(making.trained)),
  ];
}

/** The facts as one text. */
export function factsText(facts: readonly Fact[], shown?: ReadonlySet<string>): string {
  return facts
    .filter(({ name }) => shown?.has(name) !== false)
    .map(({ text }) => text)
    .join(", ");
}

function prunedFacts({ plan, manner }: Pruned): readonly Fact[] {
  const { allocation, requested, sizes, kept } = plan;
  const total = [...sizes.values()].reduce((sum, n) => sum + n, 0);
  const left = [...kept.values()].reduce((sum, { length }) => sum + length, 0);
  const facts: (Fact | null)[] = [
    { name: "criterion", text: criterionOf(plan.criterion) },
    allocation === undefined || allocation.scope === undefined || allocation.scope === "global"
      ? null
      : { name: "scope", text: wordsOf(allocation.scope) },
    {
      name: "allocation",
      text: allocation === undefined ? "by hand" : whereOf(allocation, requested),
    },
    { name: "channels", text: `${count(total - left)} of ${count(total)} channels removed` },
    manner.kind === "mask" ? { name: "manner", text: "masked" } : null,
    manner.dead === "absorb" ? { name: "dead", text: "dead channels absorbed" } : null,
    allocation?.streams === undefined || allocation.streams === "keep"
      ? null
      : {
          name: "streams",
          text: allocation.streams === "prune" ? "streams cut" : "cut at readers",
        },
    allocation?.rounding === undefined
      ? null
      : { name: "rounding", text: `steps of ${allocation.rounding.to}` },
    allocation?.locked === undefined
      ? null
      : { name: "locked", text: `${count(allocation.locked.length)} locked` },
  ];
  return facts.filter((fact) => fact !== null);
}

/** "manual" and what is no criterion's name stand for themselves. */
function criterionOf(name: string): string {
  try {
    readCriterion(name);
    return criterionTitle(name);
  } catch {
    return name;
  }
}

function wordsOf(scope: string): string {
  return (SCOPES.find(({ value }) => value === scope)?.label ?? scope).toLowerCase();
}

function trainedFacts({ settings, steps, ended }: Trained): readonly Fact[] {
  const { length, learningRate, schedule, sparsity, batchSize, seed } = settings;
  const planned = "steps" in length ? length.steps : null;
  const isWhole = ended === "finished" || planned === null;
  const facts: (Fact | null)[] = [
    {
      name: "length",
      text: isWhole
        ? plural(steps, "step")
        : `${ended} after ${count(steps)} of ${plural(planned, "step")}`,
    },
    { name: "batch", text: `batches of ${count(batchSize)}` },
    { name: "rate", text: `learning rate ${learningRate}, ${schedule.kind}` },
    sparsity.strength === 0
      ? null
      : { name: "sparsity", text: `L1 ${sparsity.strength}, ${sparsity.form}` },
    settings.freezeZeros === true ? { name: "zeros", text: "zeros held" } : null,
    { name: "seed", text: `seed ${seed}` },
  ];
  return facts.filter((fact) => fact !== null);
}
