/** @file The name of a button that has no words of its own: heard once, and seen where a pointer rests. */

interface Described {
  readonly "aria-description": string;
}

interface Named extends Described {
  readonly "aria-label": string;
  readonly title: string;
}

/** What is read out after a name, in the place of a title that says nothing new. */
export function described(text: string): Described {
  return { "aria-description": text };
}

/** @param keys — by which the same is done, such as "Ctrl Z" */
export function named(name: string, keys = ""): Named {
  return {
    "aria-label": name,
    title: keys === "" ? name : `${name} (${keys})`,
    ...described(keys),
  };
}
