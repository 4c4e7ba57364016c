/** A class: how it looks, what lies below it, some examples. */
import { thumbOf } from "./data";
import { h } from "./dom";
import type { Shown, Site } from "./main";
import { className, colorOf } from "./parts";
import { looks, number, termName } from "./words";

export function classPage(site: Site, rest: string): Shown {
  const { about, words } = site;
  const told = about.classes.find((each) => each.key === rest);
  if (!told) {
    return { title: words.notFound, element: h("div", {}, h("h1", {}, words.notFound), h("p", {}, h("a", { href: "#/" }, words.toHome))) };
  }
  const name = className(site, rest);
  const block = (title: string, ...children: (HTMLElement | false)[]) => h("section", { class: "card" }, h("h2", {}, title), ...children);
  const list = (items: string[]) => h("ul", { class: "plain-list" }, ...items.map((item) => h("li", { dir: "auto" }, item)));
  const below = (told.below ?? []).map((each) =>
    h(
      "li",
      {},
      h("strong", {}, termName(words, about, each.key)),
      h("span", { class: "quiet" }, ` ${number(words, each.count)}`),
      h("p", { dir: "auto" }, looks(words, about, each.key, each.morphology)),
    ),
  );
  const morphology = looks(words, about, rest, told.morphology);
  const element = h(
    "div",
    { class: "class" },
    h("p", { class: "quiet" }, words.classPage.title),
    h("h1", { class: `marked color-${colorOf(site, rest)}` }, name),
    h("p", { class: "actions" }, h("a", { class: "button strong", href: `#/browse?class=${encodeURIComponent(rest)}` }, words.classPage.show(told.count))),
    told.examples.length > 0 &&
      h(
        "section",
        {},
        h("h2", {}, words.classPage.examples),
        h(
          "ul",
          { class: "examples" },
          ...told.examples.map((id, at) =>
            h(
              "li",
              {},
              h(
                "a",
                { href: `#/cell/${id}`, "aria-label": `${name} ${number(words, at + 1)}` },
                h("img", { src: thumbOf(id), alt: "", width: 176, height: 176, decoding: "async" }),
              ),
            ),
          ),
        ),
      ),
    h(
      "div",
      { class: "two" },
      block(words.classPage.morphology, h("p", { dir: "auto" }, morphology || words.classPage.noTerm)),
      below.length > 0 && block(words.classPage.below, h("ul", { class: "below" }, ...below)),
      (told.raised?.length ?? 0) > 0 && block(words.classPage.raised, list(told.raised ?? [])),
      (told.lowered?.length ?? 0) > 0 && block(words.classPage.lowered, list(told.lowered ?? [])),
      (told.sources?.length ?? 0) > 0 &&
        block(
          words.classPage.sources,
          list(told.sources ?? []),
          told.ontology ? h("p", {}, `${words.classPage.ontology}: `, h("bdi", {}, told.ontology)) : false,
          about.notice ? h("p", { class: "quiet", dir: "auto" }, about.notice) : false,
        ),
    ),
  );
  return { title: name, element };
}
