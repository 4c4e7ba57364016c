import { execFileSync } from "node:child_process";

import { beforeEach, describe, expect, it, vi } from "vitest";

import { fa as studio } from "../src/words/fa";
import { asJson, countWords } from "./cell";
import { cellAt, cropOf } from "./data";
import { erratum, mailAddress } from "./errata";
import { findCells, readFilter, readPath, toggle, writeFilter } from "./filter";
import { inSight, layOut, steer } from "./grid";
import { NAMES_FA } from "./names.fa";
import { csvCell, releaseBeside, scriptOf, tableOf } from "./take";
import { about, all, FACETS } from "./testing";
import { looks, size, termName, valueName } from "./words";
import { en } from "./words.en";
import { fa } from "./words.fa";

describe("the filter", () => {
  it("stands in the address and comes back from it", () => {
    const filter = { class: ["basophil", ""], smear: ["s2"] };
    expect(writeFilter(filter)).toBe("?class=basophil&class=&smear=s2");
    expect(readFilter("class=basophil&class=&smear=s2", about)).toEqual(filter);
    expect(readFilter("class=basophil&class=none&smear=s2", about)).toEqual(filter);
    expect(readFilter("class=unicorn&nothing=1&smear=s1", about)).toEqual({ smear: ["s1"] });
  });

  it("tells a value that is called none from no value", () => {
    const odd = { ...about, facets: [{ name: "standing", values: ["agreed", "none"] }, { name: "camera", values: ["none", ""] }] };
    const filter = { standing: ["none"], camera: ["none"] };
    expect(readFilter(writeFilter(filter).slice(1), odd)).toEqual(filter);
    expect(readFilter(writeFilter({ camera: [""] }).slice(1), odd)).toEqual({ camera: [""] });
  });

  it("takes a value in and out", () => {
    expect(toggle({}, "class", "basophil")).toEqual({ class: ["basophil"] });
    expect(toggle({ class: ["basophil"] }, "class", "basophil")).toEqual({});
  });

  it("finds what fits every facet, and counts beside each value what choosing it would give", () => {
    const ids = (places: { chunk: number; at: number }[]) => places.map((place) => cellAt(all(), place).id);
    expect(ids(findCells(all(), {}).places)).toEqual(["c1", "c2", "c3", "c4"]);
    const found = findCells(all(), { class: ["basophil"], smear: ["s2"] });
    expect(ids(found.places)).toEqual(["c3"]);
    // Beside the classes: all of smear s2, whatever its class. Beside the smears: all basophils.
    expect(found.counts[0]).toEqual([1, 1, 1]);
    expect(found.counts[3]).toEqual([1, 1]);
    // Beside a facet that nothing was chosen of: those that were found.
    expect(found.counts[1]).toEqual([1, 0]);
  });

  it("reads pages of the address", () => {
    expect(readPath("#/cell/c%2F1?x=2")).toEqual({ page: "cell", rest: "c/1", query: "x=2" });
    expect(readPath("")).toEqual({ page: "", rest: "", query: "" });
    expect(readPath("#/cell/%zz").rest).toBe("%zz");
  });
});

describe("a cell", () => {
  it("is put together from columns", () => {
    const cell = cellAt(all(), { chunk: 0, at: 1 });
    expect(cell).toMatchObject({ id: "c2", box: [1, 10, 101, 110], sharp: 12.5, said: ["basophil", "basophil"] });
    expect(cell.facts).toMatchObject({ class: "monocyte", split: "train", smear: "s2", stain: "giemsa" });
    expect(cropOf(cell)).toBe("release/crops/train/monocyte/c2.png");
    expect(cropOf(cellAt(all(), { chunk: 1, at: 0 }))).toBe("");
  });

  it("tells opinions as counts, and not whose they are", () => {
    expect(countWords(["monocyte", null, "basophil", "monocyte"])).toEqual([["monocyte", 2], ["basophil", 1], [null, 1]]);
    const site = { about, words: en, cells: all() };
    const told = JSON.parse(asJson(site, cellAt(all(), { chunk: 1, at: 1 })));
    expect(told.answers).toEqual({ basophil: 1, monocyte: 1 });
    expect(told).toMatchObject({ cell_id: "c4", label: null, split: null, crop: null, masks: [], stain: "giemsa" });
  });

  it("is found by its id once its file has come", () => {
    expect(all().find("c3")).toEqual({ chunk: 1, at: 0 });
    expect(all().find("c9")).toBeUndefined();
    expect(all().whole).toBe(true);
  });
});

describe("errata", () => {
  it("name the release, its seal, the cell, and what it should be", () => {
    const site = { about, words: en, cells: all() };
    const told = erratum(site, cellAt(all(), { chunk: 0, at: 0 }), "monocyte", "  folded nucleus ", "");
    expect(told).toEqual({
      kind: "buffycoat erratum",
      format: 1,
      release: "v1",
      manifest: "f".repeat(64),
      cell_id: "c1",
      label: "basophil",
      term: "basophil",
      proposed: "monocyte",
      why: "folded nucleus",
      name: "",
    });
  });

  it("make a mail that says all of it, whatever stands in it", () => {
    const address = mailAddress("a@example.org", "Wrong & odd", "line 1\nline 2?");
    expect(address).toBe("mailto:a@example.org?subject=Wrong%20%26%20odd&body=line%201%0Aline%202%3F");
    expect(mailAddress("a@example.org?bcc=b@example.org", "", "")).not.toContain("?bcc=");
  });
});

describe("the grid", () => {
  it("shows the rows in sight, and no more than a few beside", () => {
    const layout = layOut(1000, 40_000, 128, 10, 26);
    expect(layout.columns).toBe(7);
    const [first, last] = inSight(layout, 40_000, 100 * layout.row, 900);
    expect(first).toBe(97 * 7);
    expect(last - first).toBeLessThan(100);
    expect(inSight(layout, 0, 0, 900)).toEqual([0, 0]);
    expect(inSight(layout, 5, 0, 900)).toEqual([0, 5]);
  });

  it("is walked by arrows, which turn with the direction of reading", () => {
    expect(steer("ArrowRight", 3, 10, 4, false)).toBe(4);
    expect(steer("ArrowRight", 3, 10, 4, true)).toBe(2);
    expect(steer("ArrowDown", 7, 10, 4, false)).toBe(7);
    expect(steer("End", 7, 10, 4, false)).toBe(9);
    expect(steer("Home", 7, 10, 4, false)).toBe(0);
    expect(steer("x", 7, 10, 4, false)).toBeUndefined();
  });
});

describe("what is taken by filter", () => {
  it("is a table that no spreadsheet takes for formulas", () => {
    expect(csvCell("=1+1")).toBe("'=1+1");
    expect(csvCell('a "b", c')).toBe('"a ""b"", c"');
    const lines = tableOf(all(), findCells(all(), { smear: ["s1"] }).places).split("\n");
    expect(lines[0]).toContain("cell_id,label,term");
    expect(lines[1]).toBe("c1,basophil,basophil,agreed,train,0,10,100,110,12.5,f1,s1,giemsa,giemsa,giemsa,giemsa");
    expect(lines).toHaveLength(3);
  });

  it("is a script in which an address cannot run anything, and stays whole", () => {
    const address = "https://example.org/it's/r$(reboot)`x`/%20/[1]";
    const script = scriptOf("abc  crops/a.png\n", address);
    expect(script).toContain("abc  crops/a.png\nLIST\n");
    const line = script.split("\n").find((each) => each.startsWith("base="));
    expect(execFileSync("sh", ["-c", `${line}\nprintf %s "$base"`], { encoding: "utf8" })).toBe(address);
  });

  it("knows its address from a web server, and asks for it where the page lies on a disk", () => {
    expect(releaseBeside("https://example.org/sites/wbc-1/index.html?x=1#/download")).toBe("https://example.org/sites/wbc-1/release");
    expect(releaseBeside("file:///srv/from%20a%20zip/index.html#/download")).toBe("");
    expect(() => execFileSync("sh", ["-c", scriptOf("", "")], { stdio: "pipe" })).toThrow(/say where the release is/);
  });
});

describe("the words", () => {
  beforeEach(() => vi.restoreAllMocks());

  it("are the same in both languages, as far as machines can tell", () => {
    const shape = (words: object): unknown =>
      Object.fromEntries(
        Object.entries(words)
          .filter(([key]) => key !== "stain" && key !== "diagnosis")
          .map(([key, word]) => [key, typeof word === "object" ? shape(word as object) : typeof word]),
      );
    expect(shape(fa)).toEqual(shape(en));
    expect(Object.keys(en.facets)).toEqual([...FACETS, "said"]);
  });

  it("call terms in Persian as the studio does", () => {
    expect(NAMES_FA).toEqual(studio.term);
    expect(fa.values.stain).toMatchObject(studio.stain);
    expect(fa.values.diagnosis).toMatchObject(studio.diagnosis);
  });

  it("name classes and values", () => {
    expect(termName(en, about, "lymphocyte.small")).toBe("small lymphocyte");
    expect(termName(fa, about, "lymphocyte.small")).toBe("لنفوسیت کوچک");
    expect(termName(fa, { ...about, taxonomy: "lab@1" }, "lymphocyte.small")).toBe("small lymphocyte");
    expect(valueName(en, about, "sharpness", "1")).toBe("under 20.5");
    expect(valueName(en, about, "sharpness", "2")).toBe("20.5 and more");
    expect(valueName(en, about, "standing", "agreed")).toBe("both agree");
    expect(valueName(en, about, "standing", "none")).toBe("no class here");
    expect(valueName(en, about, "camera", "LG G3")).toBe("LG G3");
    expect(looks(fa, about, "basophil", "English")).toContain("میکرومتر");
    expect(looks(en, about, "basophil", "English")).toBe("English");
    expect(size(en, 2_500_000)).toBe("2.5 MB");
  });
});
