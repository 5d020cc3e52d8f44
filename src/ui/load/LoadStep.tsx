/** @file The Load step: what is on the page and where another network or images can come from. */
import { Autocomplete, Button, NativeSelect } from "@mantine/core";
import { useDeferredValue, useEffect, useMemo, useRef, useState, type FormEvent } from "react";
import {
  architectureNames,
  costOf,
  parseArchitecture,
  sentenceOf,
  SHIPPED,
  shippedAs,
  useCommands,
  usePage,
  useSketching,
} from "../../state/index.ts";
import { count, largeText, THIN } from "../format.ts";
import { pickFiles } from "../parts/pick-files.ts";
import { Problem } from "../parts/Problem.tsx";
import { StepLayout } from "../parts/StepLayout.tsx";
import { Truths } from "../parts/Truths.tsx";
import { Logo } from "../shell/Logo.tsx";
import { Structure } from "../structure/Structure.tsx";
import styles from "./LoadStep.module.css";
import { NormalizationChoice } from "./NormalizationChoice.tsx";
import { OnThePage } from "./OnThePage.tsx";
import { Project } from "./Project.tsx";
import { SizeQuestion } from "./SizeQuestion.tsx";
import { SketchSheet } from "./SketchSheet.tsx";

export function LoadStep() {
  return (
    <StepLayout
      controls={
        <>
          <Problem step="load" />
          <SizeQuestion />
          <OnThePage />
          <NormalizationChoice />
          <ShippedNetworks />
          <OpenFiles />
          <Architecture />
          <Images />
          <Project />
        </>
      }
    >
      <LoadSheet />
    </StepLayout>
  );
}

function LoadSheet() {
  const session = usePage((state) => state.session);
  const isStarting = usePage((state) => state.starting);
  const sketch = useSketching((state) => state.sketch);
  if (sketch !== null) return <SketchSheet sketch={sketch} />;
  if (session === null) {
    return (
      <div className={styles.empty}>
        <Logo size={96} />
        <p>
          {isStarting
            ? "The shipped network is on its way."
            : "No network is open. Open files, or build an architecture."}
        </p>
      </div>
    );
  }
  return (
    <>
      <Truths />
      <Structure session={session} />
    </>
  );
}

function OpenFiles() {
  const { openFiles } = useCommands();
  return (
    <section className={styles.block} aria-label="Open">
      <h2>Open</h2>
      <p className="quiet">
        Drop or paste files anywhere: a network, a project, CIFAR-10 or CIFAR-100 in binary form, or
        a folder of pictures with one folder a class. They stay on this machine.
      </p>
      <div className={styles.buttons}>
        <Button onClick={() => pickFiles((files) => void openFiles(files))}>Choose files…</Button>
      </div>
    </section>
  );
}

function ShippedNetworks() {
  const { openShipped } = useCommands();
  const here = usePage(({ session }) => (session === null ? undefined : shippedAs(session)));
  return (
    <section className={styles.block} aria-label="Shipped networks">
      <h2>Shipped, trained here</h2>
      <ul className={styles.shipped}>
        {SHIPPED.map((one) => (
          <li key={one.name}>
            <button type="button" aria-current={one === here} onClick={() => void openShipped(one)}>
              <b>{one.title}</b> <span className="quiet">{one.text}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const WIDTHS = [
  { value: "0.125", label: "⅛ width" },
  { value: "0.25", label: "¼ width" },
  { value: "0.5", label: "½ width" },
  { value: "1", label: "full width" },
];

/** What the network comes to, or why there is none: its id. */
const SIZE = "architecture-size";

/** A name of the zoo; the width is an option behind it unless the person typed options of their own. */
function Architecture() {
  const { buildArchitecture } = useCommands();
  const [name, setName] = useState("vgg16");
  const [width, setWidth] = useState("0.25");
  const full = name.includes(":") || width === "1" ? name.trim() : `${name.trim()}:width=${width}`;
  const size = useArchitectureSize(useDeferredValue(full));
  const field = useRef<HTMLInputElement>(null);
  // The library's field would be described by words of its own alone.
  useEffect(() => field.current?.setAttribute("aria-describedby", SIZE), []);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    void buildArchitecture(full);
  };
  return (
    <form className={styles.block} onSubmit={onSubmit} aria-label="Architecture">
      <h2>Build an architecture</h2>
      <div className={styles.pair}>
        <Autocomplete
          ref={field}
          label="Architecture"
          data={[...architectureNames()]}
          value={name}
          onChange={setName}
          error={size.problem !== null}
          comboboxProps={{ shadow: "none", transitionProps: { duration: 0 } }}
        />
        <NativeSelect
          label="Width"
          data={WIDTHS}
          value={width}
          disabled={name.includes(":")}
          onChange={(event) => setWidth(event.currentTarget.value)}
        />
      </div>
      <p id={SIZE} className={size.problem === null ? "quiet" : styles.problem}>
        {size.text}
      </p>
      <div className={styles.buttons}>
        <Button type="submit" disabled={size.problem !== null}>
          Build
        </Button>
      </div>
    </form>
  );
}

function useArchitectureSize(name: string): { text: string; problem: string | null } {
  return useMemo(() => {
    try {
      const found = parseArchitecture(name);
      if (found === undefined) {
        const problem = "Type a name such as vgg16, resnet-56 or vgg16:width=0.25.";
        return { text: problem, problem };
      }
      const cost = costOf(found.graph);
      const text = `${largeText(cost.parameters)} parameters, ${largeText(cost.macs)} MACs, fresh weights`;
      return { text, problem: null };
    } catch (error) {
      const problem = sentenceOf(error) ?? "";
      return { text: problem, problem };
    }
  }, [name]);
}

function Images() {
  const data = usePage((state) => state.data);
  const { loadData } = useCommands();
  const awaitsImages = usePage((state) => state.awaitsImages);
  const isComing = data === null && awaitsImages;
  return (
    <section className={styles.block} aria-label="Images" tabIndex={-1}>
      <h2>Images</h2>
      <dl className={styles.facts}>
        <dt>Test</dt>
        <dd>{isComing ? "on their way" : sayImages(data?.test)}</dd>
        <dt>Training</dt>
        <dd>{sayImages(data?.training)}</dd>
      </dl>
      {data === null && !isComing && (
        <p className="quiet">
          Without images the network can be cut but not measured. Run{" "}
          <code>
            npm{THIN}run{THIN}setup
          </code>{" "}
          in Espalier's folder, or drop the official cifar-10-binary.tar.gz here.
        </p>
      )}
      <div className={styles.buttons}>
        {(data?.test ?? null) === null && !isComing && (
          <Button onClick={() => void loadData("test")}>Load test images</Button>
        )}
        {(data?.training ?? null) === null && (
          <Button onClick={() => void loadData("training")}>Load training images</Button>
        )}
      </div>
    </section>
  );
}

function sayImages(
  images: { readonly name: string; readonly count: number } | null | undefined,
): string {
  if (images === null || images === undefined) return "not loaded";
  return `${images.name}, ${count(images.count)}`;
}
