/** @file The columns of every list of layers, of a network and of a sketch alike. */

export function LayerHead() {
  return (
    <thead>
      <tr>
        <th scope="col">Layer</th>
        <th scope="col">Output</th>
        <th scope="col">Parameters</th>
        <th scope="col">MACs per image</th>
      </tr>
    </thead>
  );
}
