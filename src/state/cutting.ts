/**
 * @file The cut that the page shows: what it is, how it is said for a shell or as a recipe, and how it is
 * carried out, which makes a run of it. Nothing is cut until a person applies it.
 */
import type { Activity } from "./activity.ts";
import { writeCommandLine, writeRecipe } from "./command-line.ts";
import type { Engine, NetworkKey } from "./engine.ts";
import { inherit, wholeName, type MeasuredStore } from "./measured.ts";
import { cutLabel, methodText } from "./method.ts";
import type { Methods } from "./methods.ts";
import { addRun, type PageStore, type Step } from "./page.ts";
import { cutName, type ShownCut } from "./report.ts";
import { makeSession, widthsOf, type Session } from "./session.ts";
import type { Slider } from "./slider.ts";
import { unappliedOf } from "./unapplied.ts";

export interface CuttingCommands {
  /** Carries out the cut that is shown, and goes on to fine-tuning; where nothing goes it only goes on. */
  apply(): Promise<void>;
  /**
   * Carries out the cut that is shown, and stays on the step.
   * @returns false where nothing was cut
   */
  applyHere(): Promise<boolean>;
  /** The step is about the whole network, though a cut is set. */
  leaveCutOut(): void;
  /** The cut that is shown, as a line for a shell or as a recipe; null where nothing goes. */
  writeCut(as: "command line" | "recipe"): string | null;
  /** @param isThere — false where the browser forbids it */
  sayCopied(what: string, isThere: boolean): void;
}

export interface CuttingParts {
  readonly engine: Pick<Engine, "apply">;
  readonly page: PageStore;
  readonly slider: Slider;
  readonly methods: Methods;
  readonly measured: MeasuredStore;
  readonly activity: Activity;
  /** Runs a command of the step that is open, and says what went wrong there. */
  readonly attempt: (work: () => Promise<void>) => Promise<void>;
  /** True when a training forbids it; says so. */
  readonly refuse: () => boolean;
  /** Called when the network on the page was replaced. */
  readonly onSession: () => void;
  /** Gives a network back to the worker unless something else still needs it. */
  readonly release: (key: NetworkKey) => Promise<void>;
}

export interface Cutting {
  readonly commands: CuttingCommands;
  /** The cut that the page shows; null where nothing goes. */
  shown(): ShownCut | null;
}

export function createCutting(parts: CuttingParts): Cutting {
  const { engine, page, slider, methods, measured, activity } = parts;

  const shownCut = (): ShownCut | null => cutOn(slider, methods.current);

  /**
   * Drops what was cut where the network on the page is another by then, or may not change.
   * @param to — the step that it leads to, unless the person has gone elsewhere meanwhile; null to stay
   * @returns true where it is on the page now
   */
  const cut = async (session: Session, shown: ShownCut, to: Step | null): Promise<boolean> => {
    const { plan, manner, label } = shown;
    const { runId, step } = page.getState();
    const after = await activity.run(manner.kind === "cut" ? "Cutting" : "Masking", () =>
      engine.apply(session.key, plan, manner),
    );
    if (page.getState().session !== session || parts.refuse()) {
      await parts.release(after.key);
      return false;
    }
    const widths = widthsOf(session, plan.allocation?.streams);
    const next = {
      ...makeSession(after.network, after.key, session.origin, widths),
      normalization: session.normalization,
    };
    // The same network, measured by its plan, need not be measured again.
    inherit(measured, {
      from: cutName(session.key, shown),
      to: wholeName(next.key),
      isTimed: manner.kind === "cut",
    });
    const making = { kind: "pruned", plan, manner } as const;
    const isHere = page.getState().step === step;
    const made = { making, parent: runId, label };
    addRun(page, next, made, to !== null && isHere ? { step: to } : {});
    parts.onSession();
    return true;
  };

  return {
    shown: shownCut,
    commands: {
      apply: () =>
        parts.attempt(async () => {
          const { session } = page.getState();
          if (session === null || parts.refuse()) return;
          const shown = shownCut();
          if (shown === null) page.setState({ step: "finetune" });
          else await cut(session, shown, "finetune");
        }),
      applyHere: async () => {
        let isCut = false;
        await parts.attempt(async () => {
          const { session } = page.getState();
          const shown = shownCut();
          if (session === null || shown === null || parts.refuse()) return;
          isCut = await cut(session, shown, null);
        });
        return isCut;
      },
      leaveCutOut: () => {
        const asked = unappliedOf(
          page.getState(),
          methods.store.getState(),
          slider.store.getState(),
        );
        page.setState({ leftOut: asked?.name ?? null });
      },
      writeCut: (as) => {
        const { session } = page.getState();
        const plan = shownCut()?.plan;
        if (session === null || plan === undefined) return null;
        const written = { ...session, method: methods.current(), plan };
        return as === "recipe" ? writeRecipe(written) : writeCommandLine(written);
      },
      sayCopied: (what, isThere) => {
        activity.say(
          isThere
            ? `The ${what} is on the clipboard.`
            : `The browser keeps its clipboard to itself, so the ${what} was not copied.`,
        );
      },
    },
  };
}

/** The slider's cut with the method that it is by; null where nothing goes. */
function cutOn(slider: Slider, current: Methods["current"]): ShownCut | null {
  const plan = slider.settle();
  const { preview, ratio } = slider.store.getState();
  if (plan === null || preview === null || preview.removed === 0) return null;
  const method = current();
  return {
    plan,
    cost: preview.cost,
    ratio,
    label: cutLabel(method, ratio),
    manner: method.manner,
    method: methodText(method),
  };
}
