/**
 * @file The network on the page in facts. What its file leaves open says so, with the way to settle it:
 * image size, which of the networks that the weights fit, normalization.
 */
import { Button, NativeSelect } from "@mantine/core";
import { Fragment } from "react";
import {
  networkTitle,
  useCommands,
  useMethod,
  usePage,
  useRereading,
  type Session,
} from "../../state/index.ts";
import { count, plural } from "../format.ts";
import { ChangeLink } from "./ChangeLink.tsx";
import styles from "./LoadStep.module.css";
import { NormalizationFact } from "./NormalizationFact.tsx";

export function OnThePage() {
  const session = usePage((state) => state.session);
  const pruning = useMethod((state) => state.pruning);
  const problem = useMethod((state) => state.problem);
  const title = usePage(networkTitle);
  const isStarting = usePage((state) => state.starting);
  const { goTo } = useCommands();
  if (session === null) return isStarting ? <OnItsWay /> : null;
  return (
    <section className={styles.block} aria-label="On the page">
      <h2>On the page</h2>
      <dl className={styles.facts}>
        <dt>Network</dt>
        {title !== session.name && (
          <>
            <dd>{title}</dd>
            <dt>Built as</dt>
          </>
        )}
        <dd data-testid="network-name">{session.name}</dd>
        <dt>From</dt>
        <dd>{session.origin}</dd>
        <ReadAs />
        <dt>Input</dt>
        <dd>
          <InputFact session={session} />
        </dd>
        {session.input.length === 3 && (
          <>
            <dt>Pixels</dt>
            <dd data-testid="pixels">
              <NormalizationFact />
            </dd>
          </>
        )}
        <dt>Classes</dt>
        <dd>{count(session.classes)}</dd>
        <dt>Prunable</dt>
        <dd>
          {pruning === null
            ? "nothing"
            : `${count(pruning.total)} channels in ${plural(pruning.layers.length, "layer")}`}
        </dd>
      </dl>
      {problem !== null && <p className="quiet">{problem}</p>}
      <Remarks />
      <div className={styles.buttons}>
        <Button variant="filled" onClick={() => goTo("prune")}>
          Prune it
        </Button>
        <Button onClick={() => goTo("sparse")}>Sparse-train it first</Button>
      </div>
    </section>
  );
}

/** The same without a network yet: what comes takes its place, and nothing below moves. */
function OnItsWay() {
  return (
    <section className={styles.block} aria-label="On the page" aria-busy="true">
      <h2>On the page</h2>
      <dl className={styles.facts}>
        {["Network", "Built as", "From", "Input", "Pixels", "Classes", "Prunable"].map(
          (fact, i) => (
            <Fragment key={fact}>
              <dt>{fact}</dt>
              <dd>{i === 0 ? "on its way" : "\u2013"}</dd>
            </Fragment>
          ),
        )}
      </dl>
      <div className={styles.buttons}>
        <Button variant="filled" disabled>
          Prune it
        </Button>
        <Button disabled>Sparse-train it first</Button>
      </div>
    </section>
  );
}

/** Reading the file again would throw later runs away, so it is offered before there are any. */
function useMayReread(): boolean {
  return usePage((state) => state.runs.length === 1);
}

function InputFact({ session }: { readonly session: Session }) {
  const size = useRereading((state) => state.size);
  const mayReread = useMayReread();
  const { askSize } = useCommands();
  return (
    <>
      {session.input.join(" × ")}
      {size === "assumed" ? ", assumed" : ""}
      {size !== "fixed" && mayReread && <ChangeLink of="the image size" onClick={askSize} />}
    </>
  );
}

/** The networks that weights without a graph fit, when there are several. */
function ReadAs() {
  const { readings, reading } = useRereading((state) => state);
  const mayReread = useMayReread();
  const { readAs } = useCommands();
  if (readings.length < 2) return null;
  return (
    <>
      <dt>Read as</dt>
      <dd>
        <NativeSelect
          aria-label="Read as"
          data={readings.map(({ key, title }) => ({ value: key, label: title }))}
          value={reading}
          disabled={!mayReread}
          onChange={(event) => void readAs(event.currentTarget.value)}
        />
      </dd>
    </>
  );
}

function Remarks() {
  const notes = useRereading((state) => state.notes);
  if (notes.length === 0) return null;
  return (
    <details className={styles.remarks}>
      <summary>How it was read: {plural(notes.length, "remark")}</summary>
      <ul>
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </details>
  );
}
