/** What there is to take; the terms come first. */
import { downloads, type Downloads, type Place } from "./data";
import { h, kept, save } from "./dom";
import { mailAddress } from "./errata";
import { findCells, readFilter, writeFilter } from "./filter";
import type { Shown, Site } from "./main";
import { copyButton, problem } from "./parts";
import { listOf, releaseBeside, scriptOf, tableOf } from "./take";
import { number, size, valueName } from "./words";

/** The terms of a release are agreed to once for each wording of them. */
const termsKey = (site: Site) => `terms-${site.about.terms}`;
export const agreed = (site: Site): boolean => kept.get(termsKey(site)) === "yes";

function termsCard(site: Site, changed: () => void): HTMLElement {
  const say = site.words.download;
  const { license, terms_of_use } = site.about.about;
  const done = agreed(site);
  const settle = (word: string) => () => {
    kept.set(termsKey(site), word);
    answered = word;
    changed();
  };
  return h(
    "section",
    { class: "card terms" },
    h("h2", {}, say.before),
    h(
      "dl",
      { class: "rows" },
      license !== "" && h("div", {}, h("dt", {}, say.license), h("dd", { dir: "auto" }, license)),
      h("div", {}, h("dt", {}, say.terms), h("dd", { dir: "auto" }, terms_of_use || say.noTerms)),
    ),
    h("p", { class: "quiet" }, say.honest),
    done || answered === "yes"
      ? h("p", { class: "actions" }, h("span", {}, `✓ ${say.accepted}`), h("button", { type: "button", class: "plain", onclick: settle("") }, say.undo))
      : h("p", { class: "actions" }, h("button", { type: "button", class: "strong", onclick: settle("yes") }, say.accept)),
  );
}

/** For browsers that keep nothing: the answer holds until the page is left. */
let answered = "";

function digest(site: Site, text: string): HTMLElement {
  return h("span", { class: "digest" }, h("code", { dir: "ltr" }, text), copyButton(site, () => text));
}

function fileTable(title: string, head: string[], rows: (string | HTMLElement)[][]): HTMLElement {
  return h(
    "div",
    { class: "wide", tabindex: 0, role: "region", "aria-label": title },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, ...head.map((word) => h("th", { scope: "col" }, word)))),
      h("tbody", {}, ...rows.map((row) => h("tr", {}, ...row.map((cell, at) => (at ? h("td", {}, cell) : h("th", { scope: "row" }, cell)))))),
    ),
  );
}

function packs(site: Site, all: Downloads): HTMLElement[] {
  const { words } = site;
  const say = words.download;
  const link = (path: string, label: string) => h("a", { href: path, download: "" }, h("bdi", {}, label));
  const packed = all.packs.map((pack) =>
    h(
      "li",
      { class: "pack" },
      h("strong", {}, say.kinds[pack.kind] ?? pack.kind),
      h("span", { class: "quiet" }, `${size(words, pack.bytes)} · ${say.count(pack.files)}`),
      h("a", { class: "button strong", href: pack.path, download: "" }, h("bdi", {}, pack.path.replace("downloads/", ""))),
      digest(site, pack.sha256),
    ),
  );
  const files = all.files.map((file) => [link(`release/${file.path}`, file.path), size(words, file.bytes), digest(site, file.sha256)]);
  const groups = all.groups.map((group) => [h("bdi", {}, `${group.folder}/`), say.count(group.files), size(words, group.bytes)]);
  const c = say.columns;
  return [
    ...(packed.length ? [h("section", { class: "card" }, h("h2", {}, say.packs), h("ul", { class: "packs" }, ...packed))] : []),
    h("section", { class: "card" }, h("h2", {}, say.files), fileTable(say.files, [c.file, c.size, say.digest], files)),
    h("section", { class: "card" }, h("h2", {}, say.groups), fileTable(say.groups, [c.folder, c.files, c.size], groups)),
  ];
}

/** The card, and how to stop it from listening. */
function byFilter(site: Site, query: string): [HTMLElement, () => void] {
  const { words, cells, about } = site;
  const say = words.download;
  const filter = readFilter(query, about);
  const chosen = Object.entries(filter).map(([name, list]) => `${words.facets[name] ?? name}: ${list.map((word) => valueName(words, about, name, word)).join(" / ")}`);
  const status = h("p", { role: "status" }, words.browse.loading);
  const actions = h("p", { class: "actions" });
  const trouble = h("div", {});
  const element = h(
    "section",
    { class: "card", id: "by-filter" },
    h("h2", {}, say.byFilter),
    h("p", {}, say.byFilterMeaning),
    h("p", {}, `${say.chosen}: `, h("strong", {}, chosen.join("; ") || words.browse.clear), " · ", h("a", { href: `#/browse${writeFilter(filter)}` }, say.change)),
    status,
    actions,
    trouble,
  );
  const name = `${about.version}-chosen`;
  const ready = (places: Place[]) => {
    status.textContent = words.cells(places.length);
    const list = async (use: (text: string) => void) => {
      trouble.replaceChildren();
      try {
        const text = await listOf(places);
        if (text) use(text);
        else status.textContent = say.noFiles;
      } catch (error) {
        trouble.replaceChildren(problem(site, (error as Error).message));
      }
    };
    const button = (label: string, press: () => void) => h("button", { type: "button", onclick: press }, label);
    actions.replaceChildren(
      button(say.table, () => save(`${name}.csv`, tableOf(cells, places), "text/csv")),
      button(say.list, () => void list((text) => save(`${name}.sha256`, text))),
      button(say.script, () => void list((text) => save(`${name}.sh`, scriptOf(text, releaseBeside(location.href)), "text/x-shellscript"))),
    );
  };
  const look = () => {
    if (cells.whole) ready(findCells(cells, filter).places);
    // A part of the cells would pass for all of them, so none are handed out; said once.
    else if (cells.problem) status.replaceWith(problem(site, cells.problem));
  };
  const quiet = cells.listen(look);
  cells.ask();
  look();
  return [element, quiet];
}

function history(site: Site): HTMLElement {
  const { words, about } = site;
  const say = words.download;
  const rows = about.versions.map((each) => [h("bdi", {}, each.version), each.published, number(words, each.cells), digest(site, each.manifest)]);
  const c = say.columns;
  const changes = about.changes.map((lines) => h("pre", { dir: "ltr", lang: "en", tabindex: 0 }, lines.join("\n")));
  return h(
    "section",
    { class: "card" },
    h("h2", {}, say.versions),
    fileTable(say.versions, [c.version, say.published, c.cells, say.sealed], rows),
    h("p", { class: "quiet" }, say.sealedMeaning),
    h("p", { class: "quiet" }, say.check),
    h("h2", {}, say.changes),
    ...(changes.length ? changes : [h("p", {}, say.first)]),
  );
}

function useCard(site: Site): HTMLElement {
  const { about, words } = site;
  const say = words.download;
  const address = mailAddress(about.mail, say.useSubject(about.title, about.version), "");
  return h("section", { class: "card" }, h("h2", {}, say.use), h("p", {}, say.useMeaning), h("p", {}, h("a", { class: "button", href: address }, words.errata.mail)));
}

export function downloadPage(site: Site, _rest: string, query: string): Shown {
  const say = site.words.download;
  const body = h("div", { class: "open" });
  let quiet = () => {};
  // What was asked for a page that is drawn anew or left belongs to nobody.
  let turn = 0;
  const draw = () => {
    const own = ++turn;
    quiet();
    quiet = () => {};
    const open = agreed(site) || answered === "yes";
    const status = h("p", { role: "status", class: "quiet" }, open ? site.words.browse.loading : say.gated);
    body.replaceChildren(termsCard(site, draw), status);
    if (open) {
      void downloads().then(
        (all) => {
          if (own !== turn) return;
          const [card, stop] = byFilter(site, query);
          quiet = stop;
          status.replaceWith(...packs(site, all), card);
        },
        (error: Error) => status.replaceWith(problem(site, error.message)),
      );
    }
    if (site.about.mail) body.append(useCard(site));
    body.append(history(site));
  };
  const close = () => {
    turn += 1;
    quiet();
  };
  draw();
  return { title: say.title, element: h("div", { class: "download" }, h("h1", {}, say.title), body), close };
}
