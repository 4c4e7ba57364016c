/** One cell: its crop under outlines that can be taken off, its place in the photograph, what was said of it. */
import { cellAt, cropOf, outlinesOf, type Cell, type Outlines } from "./data";
import { h, s, save } from "./dom";
import { errataForm } from "./errata";
import type { Shown, Site } from "./main";
import { boxDrawing, className, colorOf, copyButton, problem } from "./parts";
import { entryNow } from "./visits";
import { number, termName, valueName } from "./words";

/** How often each word was said, the most frequent first; who said which is not told here. */
export function countWords(said: (string | null)[]): [string | null, number][] {
  const counts = new Map<string | null, number>();
  for (const word of said) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([one, a], [other, b]) => Number(one === null) - Number(other === null) || b - a || String(one).localeCompare(String(other)));
}

export function asJson(site: Site, cell: Cell): string {
  const { about } = site;
  const [field, width, height, picture, objective, scale] = cell.field;
  const [left, top, right, bottom] = cell.box;
  const said = Object.fromEntries(countWords(cell.said).map(([word, count]) => [word ?? "no answer", count]));
  const { sharpness: _quarter, pixels: _pixels, masks, class: label, split, standing, said: _answers, ...facts } = cell.facts;
  const told = {
    release: about.version,
    manifest: about.manifest,
    cell_id: cell.id,
    label: label || null,
    term: cell.term,
    standing,
    split: split || null,
    answers: said,
    box: { left, top, right, bottom },
    crop: cropOf(cell).replace("release/", "") || null,
    masks: masks ? masks.split("+") : [],
    sharpness: cell.sharp,
    field: { field_id: field, width_px: width, height_px: height, picture, objective, um_per_px: scale },
    ...facts,
  };
  return `${JSON.stringify(told, null, 1)}\n`;
}

function cropView(site: Site, cell: Cell): HTMLElement {
  const { words } = site;
  const crop = cropOf(cell);
  if (!crop) return h("figure", { class: "crop" }, boxDrawing(cell), h("figcaption", {}, words.cell.noPicture));
  const image = h("img", { src: crop, alt: className(site, cell.facts.class ?? "") });
  const stack = h("div", { class: "stack" }, image);
  const tools = h("div", { class: "tools" });
  if (cell.facts.masks) {
    void outlinesOf(cell.place.chunk).then(
      (all) => drawOutlines(site, all[cell.id] ?? {}, stack, tools),
      (error: Error) => tools.replaceChildren(problem(site, error.message)),
    );
  }
  return h("figure", { class: "crop" }, stack, tools, h("figcaption", {}, h("a", { href: crop, target: "_blank", rel: "noopener" }, words.cell.openCrop)));
}

function drawOutlines(site: Site, outlines: Outlines[string], stack: HTMLElement, tools: HTMLElement): void {
  const parts = Object.entries(outlines);
  const first = parts[0]?.[1];
  if (!first) return;
  const drawing = s("svg", { viewBox: `0 0 ${first.width} ${first.height}`, class: "outlines", "aria-hidden": "true" });
  stack.append(drawing);
  for (const [part, { path }] of parts.reverse()) {
    const line = s("g", { class: `outline ${part}` }, s("path", { d: path, class: "under" }), s("path", { d: path, class: "over" }));
    drawing.append(line);
    const box = h("input", { type: "checkbox", onchange: () => line.classList.toggle("off", !box.checked) });
    box.checked = true;
    tools.append(h("label", { class: `part ${part}` }, box, part === "nucleus" ? site.words.cell.nucleus : site.words.cell.whole));
  }
}

/** Files that not every browser draws; the release has photographs as they came. */
const NOT_DRAWN = /\.tiff?$/i;

function fieldView(site: Site, cell: Cell): HTMLElement {
  const { words, cells } = site;
  const chunk = cells.chunks[cell.place.chunk];
  const [, width, height, picture, , , alone] = cell.field;
  if (alone) return h("p", {}, words.cell.alone);
  const drawn = picture !== null && !NOT_DRAWN.test(picture);
  const own = chunk?.field[cell.place.at];
  const others: number[] = [];
  chunk?.field.forEach((field, at) => field === own && others.push(at));
  let w = width ?? 0;
  let t = height ?? 0;
  const boxes = others.map((at) => {
    const other = cellAt(cells, { chunk: cell.place.chunk, at });
    const [left, top, right, bottom] = other.box;
    if (!width) w = Math.max(w, right);
    if (!height) t = Math.max(t, bottom);
    return { other, left, top, right, bottom };
  });
  // The one that the page is of comes last, over the others.
  boxes.sort((one, two) => Number(one.other.id === cell.id) - Number(two.other.id === cell.id));
  const drawing = s("svg", { viewBox: `0 0 ${w} ${t}`, class: "boxes" });
  const draw = () => {
    drawing.setAttribute("viewBox", `0 0 ${w} ${t}`);
    drawing.replaceChildren(
      ...boxes.map(({ other, left, top, right, bottom }) => {
        const here = other.id === cell.id;
        const name = className(site, other.facts.class ?? "");
        const link = s(
          "a",
          { href: `#/cell/${encodeURIComponent(other.id)}`, "aria-label": name, ...(here ? { "aria-current": "true" } : {}) },
          s("rect", { x: left, y: top, width: right - left, height: bottom - top, class: here ? "box here" : "box", "vector-effect": "non-scaling-stroke" }),
          s("title", {}, name),
        );
        return link;
      }),
    );
  };
  draw();
  const stack = h("div", { class: drawn ? "stack field" : "stack field bare" });
  if (drawn) {
    const image = h("img", { src: `release/${picture}`, alt: words.cell.fieldAlt });
    // Its own size is what boxes speak of, where the tables do not tell it.
    image.addEventListener("load", () => {
      if (width && height) return;
      w = image.naturalWidth;
      t = image.naturalHeight;
      draw();
    });
    stack.append(image);
  } else {
    drawing.setAttribute("role", "group");
    drawing.setAttribute("aria-label", picture ? words.cell.notDrawn : words.cell.boxesAlt);
  }
  stack.append(drawing);
  const caption = h("figcaption", {}, words.cell.others(others.length));
  if (picture) caption.append(" · ", h("a", { href: `release/${picture}`, target: "_blank", rel: "noopener" }, words.cell.openField));
  if (picture && !drawn) caption.append(" · ", words.cell.notDrawn);
  if (!picture) caption.append(" · ", words.cell.boxesAlt);
  return h("figure", {}, stack, caption);
}

function opinions(site: Site, cell: Cell): HTMLElement {
  const rows = countWords(cell.said).map(([word, count]) => {
    const dots = h("span", { class: "dots", "aria-hidden": "true" }, "●".repeat(count));
    return h(
      "li",
      {},
      h("span", {}, word === null ? site.words.cell.noAnswer : termName(site.words, site.about, word)),
      dots,
      h("span", { class: "count" }, number(site.words, count)),
    );
  });
  return h("ul", { class: "opinions" }, ...rows);
}

function facts(site: Site, cell: Cell): HTMLElement {
  const { words, about } = site;
  const [field, , , , objective, scale] = cell.field;
  const [left, top, right, bottom] = cell.box;
  const value = (name: string) => valueName(words, about, name, cell.facts[name] ?? "");
  const rows: [string, string][] = [
    [words.cell.id, cell.id],
    [words.cell.term, cell.term ? termName(words, about, cell.term) : ""],
    [words.facets.standing ?? "", value("standing")],
    [words.facets.split ?? "", value("split")],
    [words.cell.photograph, field],
    [words.cell.box, `${left}, ${top} – ${right}, ${bottom}`],
    [words.cell.sharpness, cell.sharp === null ? "" : number(words, cell.sharp)],
    [words.facets.smear ?? "", value("smear")],
    [words.facets.stain ?? "", value("stain")],
    [words.facets.diagnosis ?? "", value("diagnosis")],
    [words.facets.microscope ?? "", value("microscope")],
    [words.facets.camera ?? "", value("camera")],
    [words.cell.objective, objective === null ? "" : `${objective}×`],
    [words.cell.scale, scale === null ? "" : `${scale} µm/px`],
  ];
  return h("dl", { class: "rows" }, ...rows.filter(([, text]) => text).map(([name, text]) => h("div", {}, h("dt", {}, name), h("dd", {}, h("bdi", {}, text)))));
}

export function cellPage(site: Site, rest: string): Shown {
  const { words, cells } = site;
  const element = h("div", { class: "cell" });
  const known = cells.find(rest);
  const title = `${words.cell.title} ${rest}`;
  let quiet = () => {};
  const draw = (cell: Cell) => {
    const label = cell.facts.class ?? "";
    const heading = h("h1", { class: `marked color-${colorOf(site, label)}` }, className(site, label));
    const json = asJson(site, cell);
    element.replaceChildren(
      h("p", {}, h("a", { href: "#/browse", onclick: back }, words.cell.back)),
      heading,
      h(
        "div",
        { class: "sides" },
        h("div", {}, h("h2", {}, words.cell.crop), cropView(site, cell)),
        h("div", {}, h("h2", {}, words.cell.opinions), opinions(site, cell), h("h2", {}, words.cell.facts), facts(site, cell)),
      ),
      h("section", {}, h("h2", {}, words.cell.field), fieldView(site, cell)),
      errataForm(site, cell),
      h(
        "details",
        { class: "card" },
        h("summary", {}, words.cell.json),
        h("pre", { dir: "ltr", tabindex: 0 }, json),
        h(
          "p",
          { class: "actions" },
          copyButton(site, () => json),
          h("button", { type: "button", onclick: () => save(`${cell.id}.json`, json, "application/json") }, words.cell.saveJson),
        ),
      ),
    );
  };
  const back = (event: Event) => {
    // Back to the very place, where that is where one came from.
    if (entryNow()?.from === "browse") {
      event.preventDefault();
      history.back();
    }
  };
  if (known) draw(cellAt(cells, known));
  else {
    const status = h("p", { role: "status" }, words.cell.looking);
    element.append(h("h1", {}, words.cell.title), status);
    const look = () => {
      const place = cells.find(rest);
      if (place) {
        quiet();
        draw(cellAt(cells, place));
      } else if (cells.whole) status.textContent = words.cell.missing;
      // Said once; a file that comes later may still hold the cell.
      else if (cells.problem) status.replaceWith(problem(site, cells.problem));
    };
    quiet = cells.listen(look);
    look();
    cells.ask();
  }
  return { title, element, close: () => quiet() };
}
