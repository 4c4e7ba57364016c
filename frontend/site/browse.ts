/** All cells, chosen by facets; the address holds what was chosen. */
import { cellAt } from "./data";
import { h } from "./dom";
import { findCells, readFilter, toggle, writeFilter, type Filter, type Found } from "./filter";
import { Grid } from "./grid";
import type { Shown, Site } from "./main";
import { className, problem, tileOf } from "./parts";
import { readdress } from "./visits";
import { number, valueName } from "./words";

const FEW = 8;

/** An id as people tell them apart; the whole of it is in its title. */
const short = (text: string): string => (/^[a-z][0-9a-f]{24}$/.test(text) ? `${text.slice(0, 9)}…` : text);

export function browsePage(site: Site, _rest: string, query: string): Shown {
  const { words, cells, about } = site;
  let filter: Filter = readFilter(query, about);
  let found: Found = { places: [], counts: about.facets.map(({ name }) => about.counts[name] ?? []) };
  const opened = new Set<string>();
  const grid = new Grid((at) => tileOf(site, cellAt(cells, found.places[at] ?? { chunk: 0, at: 0 })), words.browse.grid);
  const total = h("p", { class: "total", role: "status" });
  const none = h("div", { class: "none", hidden: true }, h("p", {}, words.browse.none), h("p", { class: "quiet" }, words.browse.noneHint));
  const broken = h("div", {});
  const facets = h("div", { class: "facets" });
  const chips = h("ul", { class: "chips" });
  const take = h("a", { class: "button" }, words.browse.manifest);
  const side = h("details", { class: "side" }, h("summary", {}, words.browse.filters), facets);
  const wide = matchMedia("(min-width: 60rem)");
  const fold = () => (side.open = wide.matches || side.open);
  fold();
  wide.addEventListener("change", fold);

  const go = (next: Filter) => {
    // A choice is no step of its own: going back leads to the page before, not to the choice before.
    readdress(`#/browse${writeFilter(next)}`);
    choose(next);
  };

  function drawFacets(): void {
    const focus = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.key : undefined;
    const blocks = about.facets.map(({ name, values }, place) => {
      const counts = found.counts[place] ?? [];
      const known = values.filter((word, at) => (counts[at] ?? 0) > 0 || filter[name]?.includes(word));
      if (values.length < 2) return false;
      const shown = opened.has(name) ? known : known.filter((word, at) => at < FEW || filter[name]?.includes(word));
      const choices = shown.map((word) => {
        const box = h("input", {
          type: "checkbox",
          "data-key": `${name}=${word}`,
          onchange: () => go(toggle(filter, name, word)),
        });
        box.checked = filter[name]?.includes(word) ?? false;
        const count = number(words, counts[values.indexOf(word)] ?? 0);
        return h("label", {}, box, h("span", { class: "word", dir: "auto", title: word }, short(valueName(words, about, name, word))), h("span", { class: "count" }, count));
      });
      const rest = opened.has(name) ? 1 : known.length - shown.length;
      const press = () => {
        if (!opened.delete(name)) opened.add(name);
        drawFacets();
      };
      const label = opened.has(name) ? words.browse.less : words.browse.more(rest);
      return h(
        "fieldset",
        {},
        h("legend", {}, words.facets[name] ?? name),
        ...choices,
        rest > 0 && h("button", { type: "button", class: "plain", "data-key": `more ${name}`, onclick: press }, label),
      );
    });
    facets.replaceChildren(...blocks.filter((block) => block !== false));
    if (focus) facets.querySelector<HTMLElement>(`[data-key="${CSS.escape(focus)}"]`)?.focus();
  }

  function drawChips(): void {
    const chosen = Object.entries(filter).flatMap(([name, list]) => list.map((word) => ({ name, word })));
    const items = chosen.map(({ name, word }) =>
      h(
        "li",
        {},
        h(
          "button",
          { type: "button", class: "chip", onclick: () => go(toggle(filter, name, word)) },
          `${words.facets[name] ?? name}: `,
          h("bdi", {}, short(valueName(words, about, name, word))),
          h("span", { "aria-hidden": "true" }, " ×"),
        ),
      ),
    );
    const classes = filter.class ?? [];
    const only = classes.length === 1 ? (classes[0] ?? "") : "";
    chips.replaceChildren(
      ...items,
      ...(chosen.length > 1 ? [h("li", {}, h("button", { type: "button", class: "plain", onclick: () => go({}) }, words.browse.clear))] : []),
      ...(only ? [h("li", {}, h("a", { href: `#/class/${encodeURIComponent(only)}` }, words.browse.classPage(className(site, only))))] : []),
    );
  }

  function look(keep: boolean): void {
    const before = found.places.length;
    const whole = Object.keys(filter).length === 0 && !cells.done;
    found = findCells(cells, filter);
    // While files still come, the counts of all cells are known from the start.
    if (whole) found.counts = about.facets.map(({ name }) => about.counts[name] ?? []);
    const inOrder = keep && found.places.length >= before && lastWasWhole();
    const all = about.totals.cells;
    total.textContent = cells.done
      ? words.browse.found(found.places.length, all)
      : `${words.browse.found(whole ? all : found.places.length, all)} · ${words.browse.loading}`;
    document.documentElement.dataset.cells = cells.whole ? "whole" : "some";
    none.hidden = found.places.length > 0 || !cells.done;
    take.setAttribute("href", `#/download${writeFilter(filter)}`);
    grid.show(found.places.length, inOrder);
    drawFacets();
    drawChips();
    // Once, however many files are missing: each alert is read out.
    if (cells.problem && !broken.hasChildNodes()) broken.append(problem(site, cells.problem));
  }

  /** Whether the files that have come are the first ones, so that others only add cells behind those in sight. */
  let reached = 0;
  function lastWasWhole(): boolean {
    const before = reached;
    while (cells.chunks[reached]) reached++;
    return before === reached || cells.chunks.slice(0, before).every(Boolean);
  }

  function choose(next: Filter): void {
    filter = next;
    look(false);
  }

  const quiet = cells.listen(() => look(true));
  cells.ask();
  const element = h(
    "div",
    { class: "browse" },
    h("h1", {}, words.browse.title),
    h("div", { class: "bench" }, side, h("div", { class: "wall" }, h("div", { class: "line" }, total, take), chips, broken, none, grid.element)),
  );
  look(false);
  return {
    title: words.browse.title,
    element,
    update: (_, other) => {
      choose(readFilter(other, about));
      return true;
    },
    placed: () => grid.measure(),
    close: () => {
      quiet();
      grid.close();
      wide.removeEventListener("change", fold);
    },
  };
}
