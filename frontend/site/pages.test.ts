import { beforeEach, describe, expect, it, vi } from "vitest";

import { browsePage } from "./browse";
import { cellPage } from "./cell";
import { Cells, type About, type FieldTold } from "./data";
import { downloadPage } from "./download";
import { errataForm } from "./errata";
import { homePage } from "./home";
import type { Site } from "./main";
import { linkMatrix } from "./statistics";
import { about, all, chunk } from "./testing";
import { en } from "./words.en";

const TOTALS = { cells: 4, classed: 3, pictured: 2, masked: 0, fields: 1, photographs: 1, crops: 0, smears: 2 };
const CLASSES = ["basophil", "monocyte"].map((key) => ({ key, count: 1, examples: [] }));
const TOLD = { license: "CC0", terms_of_use: "", ethics: "", contributors: [], citation: "", contact: "", description: "", published: "", url: "" };

function release(change: Partial<About> = {}): About {
  return { ...about, about: TOLD, totals: TOTALS, classes: CLASSES, counts: {}, versions: [], changes: [], withheld: [], mail: "", terms: "t1", bibtex: "", experts: 2, ...change };
}

const site = (cells = all(), change: Partial<About> = {}): Site => ({ about: release(change), words: en, cells });

/** Scripts that the page asked for and that have not come; tests say what becomes of them. */
const asked = () => [...document.head.querySelectorAll<HTMLScriptElement>("script[src]")];
async function fail(name: RegExp): Promise<void> {
  const script = asked().find(({ src }) => name.test(src));
  if (!script) throw new Error(`nothing like ${name} was asked for`);
  script.remove();
  script.dispatchEvent(new Event("error"));
  await new Promise((done) => setTimeout(done));
}

beforeEach(() => {
  document.head.replaceChildren();
  vi.stubGlobal("matchMedia", () => ({ matches: true, addEventListener: () => undefined, removeEventListener: () => undefined }));
});

describe("the matrix of labels", () => {
  const matrix = (...counts: string[]) => {
    const table = document.createElement("table");
    table.innerHTML = `<thead><tr><th>first / second<th>basophil<th>monocyte<th>no label</tr></thead>
      <tbody><tr><th>basophil<td>${counts[0]}<td>${counts[1]}<td>0</tr><tr><th>monocyte<td>0<td>0<td>${counts[2]}</tr></tbody>`;
    const words = { basophil: "basophil", monocyte: "monocyte" };
    linkMatrix(site(all(), { words, answered: [1203, 1, 7] }), table);
    return [...table.querySelectorAll("a")].map((link) => [link.textContent, link.getAttribute("href")]);
  };

  it("leads to the cells where the page has as many as were counted", () => {
    expect(matrix("1,203", "1", "7")).toEqual([
      ["1,203", "#/browse?said=basophil+basophil"],
      ["1", "#/browse?said=basophil+monocyte"],
      ["7", "#/browse?said=monocyte+none"],
    ]);
  });

  it("leads nowhere where it counted other cells than the page has", () => {
    expect(matrix("1,204", "1", "70")).toEqual([["1", "#/browse?said=basophil+monocyte"]]);
    expect(matrix("", "–", "0")).toEqual([]);
  });
});

describe("a photograph", () => {
  const page = (field: FieldTold) => {
    const cells = new Cells(release({ chunks: 1 }));
    cells.take(0, { ...chunk([{ id: "c1", label: 0, smear: 0, crop: true }]), fields: [field] });
    return cellPage({ about: release({ chunks: 1 }), words: en, cells }, "c1").element;
  };

  it("is drawn under its boxes", () => {
    const element = page(["f1", 800, 600, "images/train/f1.jpg", 100, null, false]);
    expect(element.querySelector(".stack.field img")?.getAttribute("src")).toBe("release/images/train/f1.jpg");
  });

  it("is left to be opened where browsers do not draw it", () => {
    const element = page(["f1", 800, 600, "images/train/f1.TIFF", 100, null, false]);
    expect(element.querySelector(".stack.field img")).toBeNull();
    expect(element.querySelector(".stack.field.bare .boxes")).not.toBeNull();
    expect(element.querySelector("a[href='release/images/train/f1.TIFF']")).not.toBeNull();
    expect(element.textContent).not.toContain(en.cell.boxesAlt);
  });

  it("that was kept back is told from one that never was", () => {
    expect(page(["f1", 800, 600, null, 100, null, false]).textContent).toContain(en.cell.boxesAlt);
    const alone = page(["f1", 90, 90, null, 100, null, true]);
    expect(alone.textContent).toContain(en.cell.alone);
    expect(alone.textContent).not.toContain(en.cell.boxesAlt);
    const figures = (change: Partial<About["totals"]>) => homePage(site(all(), { totals: { ...TOTALS, ...change } })).element.textContent;
    expect(figures({ crops: 9 })).toContain(`${en.home.crops}9`);
    expect(figures({ crops: 9 })).not.toContain(en.home.fields);
    expect(figures({ fields: 3 })).toContain(`${en.home.fields}2`);
  });
});

describe("a file that cannot be read", () => {
  const alerts = (element: HTMLElement) => element.querySelectorAll("[role=alert]").length;

  it("is said once by every page, before and after it was opened", async () => {
    const cells = new Cells(release());
    const open = site(cells);
    localStorage.setItem("buffycoat-site-terms-t1", "yes");
    const wall = browsePage(open, "", "").element;
    const early = cellPage(open, "c1").element;
    expect(alerts(wall) + alerts(early)).toBe(0);
    await fail(/cells\/0/);
    await fail(/cells\/1/);
    expect([alerts(wall), alerts(early)]).toEqual([1, 1]);
    expect(wall.textContent).not.toContain(en.browse.loading);
    expect(wall.textContent).toContain("data/cells/0.js");
    expect(alerts(cellPage(open, "c1").element)).toBe(1);
  });

  it("does not keep a cell away that came in another", async () => {
    const cells = new Cells(release());
    const { element } = cellPage(site(cells), "c1");
    await fail(/cells\/1/);
    expect(alerts(element)).toBe(1);
    cells.take(0, chunk([{ id: "c1", label: 0, smear: 0, crop: false }]));
    await fail(/cells\/0/);
    expect(element.querySelector("h1")?.textContent).toBe("basophil");
    expect(alerts(element)).toBe(0);
  });

  it("is said beside the crop whose outlines it held", async () => {
    const values = about.facets.map((facet) => (facet.name === "masks" ? { name: "masks", values: ["", "nucleus"] } : facet));
    const cells = new Cells(release({ facets: values, chunks: 1 }));
    cells.take(0, chunk([{ id: "c1", label: 0, smear: 0, crop: true }]));
    const { element } = cellPage({ about: cells.about, words: en, cells }, "c1");
    await fail(/outlines\/0/);
    expect(element.querySelector(".crop [role=alert]")?.textContent).toContain("data/outlines/0.js");
  });

  it("is said where a list of files was asked for", async () => {
    localStorage.setItem("buffycoat-site-terms-t1", "yes");
    const cells = all();
    const shown = downloadPage(site(cells), "", "");
    const { handed } = await import("./data");
    handed.downloads(JSON.stringify({ packs: [], files: [], groups: [] }));
    await vi.waitFor(() => expect(shown.element.querySelectorAll("#by-filter button")).toHaveLength(3));
    shown.element.querySelectorAll<HTMLButtonElement>("#by-filter button")[1]?.click();
    await fail(/digests\/0/);
    await vi.waitFor(() => expect(alerts(shown.element)).toBe(1));
    expect(listening(cells)).toBe(1);
    shown.close?.();
    expect(listening(cells)).toBe(0);
  });

  const listening = (cells: Cells) => (cells as unknown as { listeners: Set<unknown> }).listeners.size;
});

describe("a report by mail", () => {
  it("that is too long for an address points to the file", () => {
    const open = site(all(), { mail: "a@example.org" });
    const form = errataForm(open, { id: "c1", facts: { class: "basophil" }, term: null } as never);
    document.body.replaceChildren(form);
    const [select, why] = [form.querySelector("select"), form.querySelector("textarea")];
    if (!select || !why) throw new Error("no form");
    select.value = "monocyte";
    why.value = "ه".repeat(400);
    form.querySelector<HTMLButtonElement>("button.strong")?.click();
    expect(form.querySelector("[role=status]")?.textContent).toBe(en.errata.tooLong);
  });
});
