/** @file The columns of every list of layers, of a network and of a sketch alike. */

interface LayerHeadProps {
  /** With what each amount was before a cut. */
  readonly isCompared?: boolean;
}

export function LayerHead({ isCompared = false }: LayerHeadProps) {
  const before = isCompared && <th scope="col">before</th>;
  return (
    <thead>
      <tr>
        <th scope="col">Layer</th>
        <th scope="col">Output</th>
        {before}
        <th scope="col">Parameters</th>
        {before}
        <th scope="col">MACs per image</th>
        {before}
      </tr>
    </thead>
  );
}
