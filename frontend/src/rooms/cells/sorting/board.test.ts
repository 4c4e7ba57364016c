import { expect, it } from "vitest";

import { Board } from "./board";
import { type Arrangement, type GalleryEvent, NO_CLASS } from "./events";
import { NOBODY, only, ranged, still, toggled } from "./selection";

const WHO = { person: "p1", handle: "edna" };
const ARRANGED: Arrangement = {
  taxonomy: "raabin@1",
  total: 7,
  suggested: [],
  suggested_by: [],
  classes: [
    // Marks: 1 a repeat, 2 no photograph, 4 mine, 8 held.
    { term: null, cells: ["a", "b", "c", "d"], marks: "0028" },
    { term: "monocyte", cells: ["m", "n", "o"], marks: "040" },
  ],
};

function board(events: readonly GalleryEvent[] = []) {
  const given: GalleryEvent[] = [];
  const made = new Board(WHO, ARRANGED, events, (all) => given.push(...all));
  const classes = () => Object.fromEntries([...made.seen.classes].map(([key, cells]) => [key, cells.join("")]));
  return { made, given, classes };
}

it("puts cells under a class in the gallery's order, and back where they were", () => {
  const { made, classes, given } = board();
  expect(made.label(["o", "b", "a"], "basophil")).toBe(3);
  expect(classes()).toEqual({ [NO_CLASS]: "cd", monocyte: "mn", basophil: "abo" });
  expect(made.seen.mine.get("basophil")).toBe(3);
  expect(new Set(given.map(({ batch }) => batch)).size).toBe(1);
  made.undo();
  expect(classes()).toEqual({ [NO_CLASS]: "abcd", monocyte: "mno" });
  expect(given.slice(3).map(({ cell, to }) => [cell, to.mine])).toEqual([["o", false], ["b", false], ["a", false]]);
  made.redo();
  expect(classes()).toEqual({ [NO_CLASS]: "cd", monocyte: "mn", basophil: "abo" });
  expect([made.seen.done.length, made.seen.undone.length]).toEqual([1, 0]);
});

it("leaves what an open round holds, what has no photograph and what was said already", () => {
  const { made, classes, given } = board();
  expect(made.label(["c", "d", "n", "nothing"], "monocyte")).toBe(0);
  expect(given).toEqual([]);
  expect(classes()).toEqual({ [NO_CLASS]: "abcd", monocyte: "mno" });
  expect(new Board(undefined, ARRANGED, [], () => undefined).label(["a"], "monocyte")).toBe(0);
});

it("confirms what is not confirmed, and nothing that has no class", () => {
  const { made, given } = board();
  expect(made.confirm(["a", "d", "m", "n", "o"])).toBe(2);
  expect(given.map(({ cell, look, to }) => [cell, look, to.at])).toEqual([["m", "page", "monocyte"], ["o", "page", "monocyte"]]);
  expect(made.seen.mine.get("monocyte")).toBe(3);
  expect(made.confirm(["m", "n", "o"])).toBe(0);
  made.undo();
  expect(made.at("m")?.mine).toBe(false);
});

it("takes a refused label back, and hears of other tabs", () => {
  const { made, given, classes } = board();
  made.label(["a"], "monocyte");
  made.hear([{ ...given[0], state: "refused", refusal: "held" } as GalleryEvent]);
  expect(classes()).toEqual({ [NO_CLASS]: "abcd", monocyte: "mno" });
  expect(made.seen.done).toEqual([]);
  const other = { ...given[0], event: "e9", batch: "b9", cell: "b", state: "waiting" } as GalleryEvent;
  made.hear([other, { ...other, event: "e8", person: "p2", cell: "o" }]);
  expect(classes()).toEqual({ [NO_CLASS]: "acd", monocyte: "bmno" });
});

it("goes on after a reload: what waits lies over what the service told, and is undone", () => {
  const before = board();
  before.made.label(["a", "b"], "basophil");
  const { made, classes, given } = board(before.given);
  expect(classes()).toEqual({ [NO_CLASS]: "cd", monocyte: "mno", basophil: "ab" });
  made.undo();
  expect(classes()).toEqual({ [NO_CLASS]: "abcd", monocyte: "mno" });
  expect(given).toHaveLength(2);
});

it("keeps the order that the service gave, and puts a cell back there", () => {
  const arranged: Arrangement = { ...ARRANGED, suggested: [{ term: null, cells: 1 }, { term: "monocyte", cells: 2 }], suggested_by: ["one"], classes: [{ term: null, cells: ["z", "b", "a"], marks: "000" }] };
  const made = new Board(WHO, arranged, [], () => undefined);
  made.label(["b"], "monocyte");
  made.undo();
  expect(made.seen.classes.get(NO_CLASS)).toEqual(["z", "b", "a"]);
  expect(made.suggested.map(({ cells }) => cells)).toEqual([1, 2]);
});

it("moves many cells in one go", () => {
  const many = Array.from({ length: 20_000 }, (_, index) => `c${index}`);
  const made = new Board(WHO, { ...ARRANGED, total: many.length, classes: [{ term: null, cells: many, marks: "0".repeat(many.length) }] }, [], () => undefined);
  expect(made.label(many.filter((_, index) => index % 2 === 0), "monocyte")).toBe(10_000);
  expect(made.seen.classes.get("monocyte")?.slice(0, 3)).toEqual(["c0", "c2", "c4"]);
  expect(made.seen.classes.get(NO_CLASS)).toHaveLength(10_000);
});

it("chooses one, some, a range", () => {
  const order = ["a", "b", "c", "d"];
  expect([...toggled(only("a"), "c").chosen]).toEqual(["a", "c"]);
  expect([...ranged(only("d"), "b", order, false).chosen]).toEqual(["b", "c", "d"]);
  expect([...ranged({ ...only("c"), chosen: new Set(["a"]) }, "d", order, true).chosen]).toEqual(["a", "c", "d"]);
  expect([...ranged(NOBODY, "d", order, false).chosen]).toEqual(["d"]);
  expect([...still(toggled(only("a"), "c"), (cell) => cell === "c").chosen]).toEqual(["c"]);
});
