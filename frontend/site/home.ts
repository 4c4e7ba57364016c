/** The first page: what the release is, how much, how to cite it, under which terms. */
import { thumbOf } from "./data";
import { h } from "./dom";
import type { Shown, Site } from "./main";
import { className, colorOf, copyButton } from "./parts";
import { number } from "./words";

function figure(site: Site, count: number, word: string): HTMLElement | false {
  return count > 0 && h("div", {}, h("dt", {}, word), h("dd", {}, number(site.words, count)));
}

function mosaic(site: Site): HTMLElement | false {
  // One of each class in turn; whole rows only.
  const rounds = [0, 1, 2, 3, 4, 5].flatMap((round) => site.about.classes.map((each) => each.examples[round]).filter((id) => id !== undefined));
  const pictures = rounds.slice(0, Math.min(18, rounds.length - (rounds.length % 6))).map((id) => h("img", { src: thumbOf(id), alt: "", width: 176, height: 176, decoding: "async" }));
  return pictures.length > 2 && h("div", { class: "mosaic", "aria-hidden": "true" }, ...pictures);
}

export function classCards(site: Site): HTMLElement {
  const most = Math.max(1, ...site.about.classes.map((each) => each.count));
  const cards = site.about.classes
    .filter((each) => each.count > 0)
    .map((each) => {
      const bar = h("span", { class: `bar color-${colorOf(site, each.key)}` });
      bar.style.inlineSize = `${Math.max(2, (100 * each.count) / most)}%`;
      return h(
        "li",
        {},
        h(
          "a",
          { href: `#/class/${encodeURIComponent(each.key)}` },
          each.examples[0] ? h("img", { src: thumbOf(each.examples[0]), alt: "", width: 176, height: 176, decoding: "async" }) : false,
          h("span", { class: "name" }, className(site, each.key)),
          h("span", { class: "quiet" }, site.words.cells(each.count)),
          h("span", { class: "track" }, bar),
        ),
      );
    });
  return h("ul", { class: "cards" }, ...cards);
}

export function homePage(site: Site): Shown {
  const { about, words } = site;
  const t = about.totals;
  const told = about.about;
  const facts = h(
    "dl",
    { class: "figures" },
    figure(site, t.classed, words.home.classed),
    figure(site, t.cells - t.classed, words.home.beside),
    figure(site, t.pictured, words.home.pictured),
    figure(site, t.masked, words.home.masked),
    figure(site, t.photographs, words.home.photographs),
    figure(site, t.fields - t.photographs, words.home.fields),
    figure(site, t.crops, words.home.crops),
    figure(site, t.smears, words.home.smears),
    figure(site, about.experts, words.home.experts),
  );
  const cite = h(
    "section",
    { class: "card" },
    h("h2", {}, words.home.cite),
    h("h3", {}, words.home.text),
    h("p", { dir: "auto", class: "quote" }, told.citation),
    copyButton(site, () => told.citation),
    h("h3", {}, words.home.bibtex),
    h("pre", { dir: "ltr", tabindex: 0 }, about.bibtex),
    copyButton(site, () => about.bibtex),
  );
  const row = (name: string, text: string) => text !== "" && h("div", {}, h("dt", {}, name), h("dd", { dir: "auto" }, text));
  const license = h(
    "section",
    { class: "card" },
    h("h2", {}, words.home.license),
    h(
      "dl",
      { class: "rows" },
      row(words.download.license, told.license),
      row(words.download.terms, told.terms_of_use),
      row(words.home.ethics, told.ethics),
      row(words.home.contributors, told.contributors.join(" · ")),
      row(words.home.contact, told.contact),
      row(words.home.withheld, about.withheld.join(", ")),
    ),
  );
  const element = h(
    "div",
    { class: "home" },
    h(
      "div",
      { class: "hero" },
      h(
        "div",
        {},
        h("h1", { dir: "auto" }, about.title),
        h("p", { class: "lead", dir: "auto" }, told.description),
        h(
          "p",
          { class: "actions" },
          h("a", { class: "button strong", href: "#/browse" }, words.home.browse),
          h("a", { class: "button", href: "#/download" }, words.home.download),
        ),
      ),
      mosaic(site),
    ),
    h("section", {}, h("h2", {}, words.home.what), facts),
    h("section", {}, h("h2", {}, words.home.classes), classCards(site)),
    h("div", { class: "two" }, cite, license),
  );
  return { title: "", element };
}
