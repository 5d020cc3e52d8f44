/**
 * @file A drawing of the page as a file of its own: the page's style sheets and colours stay behind, so
 * each element takes what they make of it along, in the theme that the page has now.
 */

/** What style sheets decide about a drawing. */
const PROPERTIES = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-dasharray",
  "stroke-opacity",
  "stroke-width",
  "font-family",
  "font-size",
  "font-variant-numeric",
  "font-weight",
  "opacity",
  "paint-order",
  "text-anchor",
  "visibility",
] as const;

/** What is for the page alone. */
const ON_THE_PAGE = ["class", "style", "tabindex", "role", "id"];

/** The text of a stand-alone SVG file, on the page's own ground. */
export function writeSvg(drawing: SVGSVGElement): string {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const { width, height } = drawing.getBoundingClientRect();
  const originals = [drawing, ...drawing.querySelectorAll("*")];
  const copies = [copy, ...copy.querySelectorAll("*")];
  originals.forEach((original, i) => {
    const element = copies[i];
    if (element === undefined) return;
    const style = getComputedStyle(original);
    for (const name of ON_THE_PAGE) element.removeAttribute(name);
    for (const name of element.getAttributeNames()) {
      if (name.startsWith("data-")) element.removeAttribute(name);
    }
    for (const name of PROPERTIES) {
      const value = style.getPropertyValue(name);
      if (value !== "") element.setAttribute(name, value);
    }
  });
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  copy.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  ground.setAttribute("width", "100%");
  ground.setAttribute("height", "100%");
  ground.setAttribute("fill", getComputedStyle(document.body).backgroundColor);
  copy.prepend(ground);
  return `${new XMLSerializer().serializeToString(copy)}\n`;
}
