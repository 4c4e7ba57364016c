/** The release's own tables, to read, copy and save. */
import { answers, SAID, tables, type Table } from "./data";
import { fragment, h, save } from "./dom";
import { writeFilter } from "./filter";
import type { Shown, Site } from "./main";
import { copyButton, problem } from "./parts";
import { valueName } from "./words";

/** A table as text that spreadsheets take from the clipboard: columns parted by tabs. */
export function asTabs(table: HTMLTableElement): string {
  return [...table.rows].map((row) => [...row.cells].map((cell) => (cell.textContent ?? "").replace(/\s+/g, " ").trim()).join("\t")).join("\n");
}

/** A count as it was printed, whatever parts its thousands. */
const counted = (text: string): number => (/\d/.test(text) ? Number(text.replace(/[^\d]/g, "")) : Number.NaN);

/**
 * Let each number of the matrix of labels lead to the cells that it counts. It counted the cells of the workspace when the
 * release was sealed: where the page has another number of them, a link would show what was not counted, so there is none.
 */
export function linkMatrix(site: Site, table: HTMLTableElement): void {
  const { about, words } = site;
  const keys = new Map(Object.entries(about.words).map(([key, name]) => [name, key]));
  keys.set("no label", "none");
  const second = [...(table.tHead?.rows[0]?.cells ?? [])].map((cell) => keys.get(cell.textContent ?? ""));
  const known = new Map<string, number>();
  about.said.forEach((said, at) => known.set(answers(said), (known.get(answers(said)) ?? 0) + (about.answered[at] ?? 0)));
  for (const row of table.tBodies[0]?.rows ?? []) {
    const first = keys.get(row.cells[0]?.textContent ?? "");
    [...row.cells].forEach((cell, at) => {
      const said = `${first} ${second[at]}`;
      if (at === 0 || known.get(said) !== counted(cell.textContent ?? "")) return;
      const label = `${cell.textContent}: ${valueName(words, about, SAID, said)}`;
      const link = h("a", { href: `#/browse${writeFilter({ [SAID]: [said] })}`, "aria-label": label }, cell.textContent);
      cell.replaceChildren(link);
    });
  }
}

function tableCard(site: Site, table: Table): HTMLElement {
  const { words, about } = site;
  const say = words.statistics;
  const printed = fragment(table.html);
  const own = printed.querySelector("table");
  const caption = own?.caption?.textContent ?? table.name;
  const wide = h("div", { class: "wide", tabindex: 0, role: "region", "aria-label": caption });
  if (own) wide.append(own);
  if (own && table.name === "table-4" && about.experts === 2) linkMatrix(site, own);
  const file = `${about.version}-${table.name}`;
  return h(
    "section",
    { class: "card", id: table.name },
    h("h2", {}, `${say.number(table.name.replace(/\D+/g, ""))} `),
    h(
      "p",
      { class: "actions" },
      own && copyButton(site, () => asTabs(own), say.copyTable),
      h("button", { type: "button", onclick: () => save(`${file}.csv`, table.csv, "text/csv") }, say.saveCsv),
      copyButton(site, () => table.tex, `${words.copy} ${say.latex}`),
      h("button", { type: "button", onclick: () => save(`${file}.tex`, table.tex) }, say.saveLatex),
    ),
    h("div", { dir: "ltr", lang: "en" }, wide, printed),
  );
}

export function statisticsPage(site: Site): Shown {
  const say = site.words.statistics;
  const status = h("p", { role: "status" }, say.loading);
  const element = h("div", { class: "statistics" }, h("h1", {}, say.title), h("p", { class: "lead" }, say.lead), status);
  void tables().then(
    (all) => {
      if (all.length) status.remove();
      else status.textContent = say.none;
      element.append(...all.map((table) => tableCard(site, table)));
    },
    (error: Error) => status.replaceWith(problem(site, error.message)),
  );
  return { title: say.title, element };
}
