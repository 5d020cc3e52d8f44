/** @file What the pictures of a model card share. They show in light and in dark surroundings. */

/** Colours that are read on white and on black. */
export const LINE = { leaf: "#4f9a4a", ink: "#8a8578", grid: "#8a857855" };

/**
 * @param {number} x
 * @param {number} y
 * @param {string} text
 * @param {"start" | "middle" | "end"} anchor
 */
export function axisText(x, y, text, anchor) {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${text}</text>`;
}

/**
 * @param {{width: number, height: number, title: string, style: string, body: string[]}} parts
 * @returns {string}
 */
export function picture({ width, height, title, style, body }) {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${title}</title>
<style>text{font:13px Inter,system-ui,sans-serif;fill:${LINE.ink}}.grid{stroke:${LINE.grid};fill:none}${style}</style>
${body.filter((part) => part !== "").join("\n")}
</svg>
`;
}
