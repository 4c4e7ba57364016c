/** The site of a release: one page, whose address behind `#` says what is shown. */
import "./site.css";
import "./home.css";
import "./browse.css";
import "./cell.css";
import "./tables.css";

import { browsePage } from "./browse";
import { cellPage } from "./cell";
import { classPage } from "./classes";
import { aboutNow, Cells, handed, type About } from "./data";
import { h } from "./dom";
import { downloadPage } from "./download";
import { readPath } from "./filter";
import { homePage } from "./home";
import { statisticsPage } from "./statistics";
import { entryNow, mark, type Entry } from "./visits";
import { language, otherLanguage, type Words } from "./words";

export interface Site {
  about: About;
  cells: Cells;
  words: Words;
}

export interface Shown {
  title: string;
  element: HTMLElement;
  /** Take over another address of the same page without drawing it anew; says whether it did. */
  update?: (rest: string, query: string) => boolean;
  close?: () => void;
  /** Called once the element is in the page, before it is scrolled to where one was. */
  placed?: () => void;
}

type Page = (site: Site, rest: string, query: string) => Shown;

const PAGES: Record<string, Page> = {
  "": homePage,
  browse: browsePage,
  class: classPage,
  cell: cellPage,
  statistics: statisticsPage,
  download: downloadPage,
};

function lostPage({ words }: Site): Shown {
  const element = h("div", {}, h("h1", {}, words.notFound), h("p", {}, words.notFoundHint), h("p", {}, h("a", { href: "#/" }, words.toHome)));
  return { title: words.notFound, element };
}

class Frame {
  private shown: Shown | undefined;
  private page = "";
  private first = true;
  private entry: Entry;
  private readonly scrolled = new Map<number, number>();
  private readonly main = h("main", { id: "content", tabindex: -1 });

  constructor(
    private site: Site,
    private readonly root: HTMLElement,
  ) {
    history.scrollRestoration = "manual";
    this.entry = entryNow() ?? mark(0, "");
    addEventListener("hashchange", () => this.arrive());
    this.draw();
  }

  /** Another entry of the history: one that was there before is shown where one was in it, a new one from its top. */
  private arrive(): void {
    this.scrolled.set(this.entry.depth, scrollY);
    const known = entryNow();
    this.entry = known ?? mark(this.entry.depth + 1, this.page);
    this.go(known ? (this.scrolled.get(known.depth) ?? 0) : 0);
  }

  private draw(): void {
    const { words, about } = this.site;
    document.documentElement.lang = words.locale;
    document.documentElement.dir = words.dir;
    const links = (["home", "browse", "statistics", "download"] as const).map((name) =>
      h("a", { href: name === "home" ? "#/" : `#/${name}`, "data-page": name === "home" ? "" : name }, words.nav[name]),
    );
    const turn = h(
      "button",
      {
        type: "button",
        class: "plain",
        lang: words.locale === "fa" ? "en" : "fa",
        "aria-label": `${words.other}: ${words.otherLabel}`,
        onclick: () => {
          otherLanguage(words);
          this.site = { ...this.site, words: language() };
          this.shown?.close?.();
          this.shown = undefined;
          this.draw();
        },
      },
      words.other,
    );
    const skip = h(
      "a",
      {
        class: "skip",
        href: "#content",
        onclick: (event: Event) => {
          event.preventDefault();
          this.main.focus();
        },
      },
      words.skip,
    );
    this.root.replaceChildren(
      skip,
      h(
        "header",
        { class: "top" },
        h("a", { class: "brand", href: "#/" }, h("strong", { dir: "auto" }, about.title), h("span", { class: "quiet" }, words.version(about.version))),
        h("nav", { "aria-label": words.menu }, ...links),
        turn,
      ),
      ...(about.notes.length
        ? [h("div", { class: "warning", role: "note" }, ...about.notes.map((note) => h("p", { dir: "auto" }, this.noted(note))))]
        : []),
      this.main,
      h("footer", {}, h("p", {}, words.made), h("p", {}, words.notMedical)),
    );
    this.go(0);
  }

  /** The one note that every language has; others are the release's own. */
  private noted(note: string): string {
    return note.startsWith("Simulated") ? this.site.words.simulated : note;
  }

  private go(top: number): void {
    const { page, rest, query } = readPath(location.hash);
    const again = this.shown !== undefined && page === this.page && this.shown.update?.(rest, query);
    if (!again) {
      this.shown?.close?.();
      this.shown = (PAGES[page] ?? lostPage)(this.site, rest, query);
      this.page = page;
      this.main.replaceChildren(this.shown.element);
      this.main.dataset.page = page || "home";
      this.shown.placed?.();
      if (!this.first) this.main.focus({ preventScroll: true });
    }
    this.first = false;
    scrollTo(0, top);
    document.title = `${this.shown?.title ? `${this.shown.title} · ` : ""}${this.site.about.title}`;
    for (const link of this.root.querySelectorAll("nav a")) {
      const here = link.getAttribute("data-page") === page;
      if (here) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }
}

(globalThis as unknown as Record<string, unknown>).buffycoatSite = handed;
const started = (about: About) => {
  const root = document.getElementById("site");
  if (root) new Frame({ about, cells: new Cells(about), words: language() }, root);
};
void aboutNow().then(started);
