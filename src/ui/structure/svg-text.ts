/** @file A drawing of the page as a file of its own: colours as they are now, and the page's typeface. */

/** The text of an SVG file. */
export function svgText(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.removeAttribute("class");
  const style = getComputedStyle(svg);
  copy.setAttribute("font-family", style.fontFamily);
  copy.setAttribute("style", `background:${style.getPropertyValue("--sheet").trim()}`);
  return new XMLSerializer()
    .serializeToString(copy)
    .replaceAll(/var\((--[\w-]+)\)/g, (_, name: string) => style.getPropertyValue(name).trim());
}
