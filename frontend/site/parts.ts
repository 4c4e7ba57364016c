/** Small parts that several pages have. */
import type { Cell } from "./data";
import { cropOf, thumbOf } from "./data";
import { copy, h, s } from "./dom";
import type { Site } from "./main";
import { termName, valueName } from "./words";

/** A button that copies, and says in its place whether it did. */
export function copyButton({ words }: Site, text: () => string, label = words.copy): HTMLElement {
  const said = h("span", { class: "said", role: "status" });
  const press = async () => {
    said.textContent = (await copy(text())) ? words.copied : words.notCopied;
  };
  return h("span", { class: "with-said" }, h("button", { type: "button", onclick: () => void press() }, label), said);
}

export function problem({ words }: Site, file: string): HTMLElement {
  return h("div", { class: "warning", role: "alert" }, h("p", {}, words.broken, ": ", h("bdi", {}, file)), h("p", {}, words.brokenHint));
}

export const className = (site: Site, key: string): string => (key ? termName(site.words, site.about, key) : valueName(site.words, site.about, "class", ""));

/** A number that stays the same for a class on all pages: which of the twelve colors marks it. */
export function colorOf(site: Site, key: string): number {
  const at = site.about.classes.findIndex((each) => each.key === key);
  return at < 0 ? 12 : at % 12;
}

/** Where a box lies in its photograph, for cells that were released without pixels. */
export function boxDrawing(cell: Cell): SVGElement {
  const [, width, height] = cell.field;
  const [left, top, right, bottom] = cell.box;
  if (width === null || height === null) {
    // Nobody says how large the photograph is, so where in it the box lies cannot be drawn.
    const side = 100 / Math.max(right - left, bottom - top, 1);
    const [w, t] = [(right - left) * side, (bottom - top) * side];
    return s(
      "svg",
      { viewBox: "-10 -10 120 120", class: "frame", "aria-hidden": "true" },
      s("rect", { x: 50 - w / 2, y: 50 - t / 2, width: w, height: t, class: "frame-box", "stroke-width": 1.5 }),
      s("text", { x: 50, y: 50 }, `${right - left} × ${bottom - top}`),
    );
  }
  const [w, t] = [width, height];
  const thick = Math.max(w, t) / 60;
  return s(
    "svg",
    { viewBox: `${-thick} ${-thick} ${w + 2 * thick} ${t + 2 * thick}`, class: "frame", "aria-hidden": "true" },
    s("rect", { x: 0, y: 0, width: w, height: t, class: "frame-field", "stroke-width": thick / 2 }),
    s("rect", { x: left, y: top, width: right - left, height: bottom - top, class: "frame-box", "stroke-width": thick }),
  );
}

export function tileOf(site: Site, cell: Cell): HTMLElement {
  const name = className(site, cell.facts.class ?? "");
  const crop = cropOf(cell);
  const picture = crop
    ? h("img", { src: thumbOf(cell.id), alt: "", decoding: "async", width: 176, height: 176 })
    : boxDrawing(cell);
  const label = crop ? name : `${name}, ${site.words.browse.boxOnly}`;
  return h(
    "a",
    { href: `#/cell/${encodeURIComponent(cell.id)}`, "aria-label": label, "data-cell": cell.id },
    h("span", { class: "picture" }, picture),
    h("span", { class: `caption color-${colorOf(site, cell.facts.class ?? "")}` }, name),
  );
}
