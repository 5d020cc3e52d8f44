/**
 * @file Everything about a Keras model that Espalier cannot say, gathered first and refused at once:
 * a person who has to change a model wants the whole list, not its first line.
 */
import { AppError, printable } from "../../core/index.ts";

/** Kinds that are named in one message; the message itself is cut not far behind. */
const SHOWN = 8;

/** Collects what cannot be translated, by what it is. */
export class Refusals {
  readonly #layers = new Map<string, string[]>();

  /** @param what — such as `Lambda` or `dilation [2,2]` */
  add(what: string, layer: string): void {
    const layers = this.#layers.get(what);
    if (layers === undefined) this.#layers.set(what, [layer]);
    else layers.push(layer);
  }

  /** @throws files/unsupported listing everything, when there is anything */
  throwIfAny(where: string): void {
    if (this.#layers.size === 0) return;
    const kinds = [...this.#layers].map(([what, [first = "", ...others]]) => {
      const more = others.length === 0 ? "" : ` and ${others.length} more`;
      return `${printable(what, 40)} (${printable(first, 40)}${more})`;
    });
    const rest = kinds.length - SHOWN;
    throw new AppError("files/unsupported", {
      where,
      expected: "layers of a convolutional classifier",
      found: kinds.slice(0, SHOWN).join(", ") + (rest > 0 ? ` and ${rest} more kinds` : ""),
      hint: "replace these layers and export the model again",
    });
  }
}

/** Raised while one layer's config is read, and turned into an entry of the list. */
export class Refusal extends Error {
  constructor(readonly what: string) {
    super(what);
    this.name = "Refusal";
  }
}
