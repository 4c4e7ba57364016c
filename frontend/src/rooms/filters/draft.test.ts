import { expect, it } from "vitest";

import { added, asSent, boxed, cleared, type Draft, empty, hasRoom, MOST_FIELDS, placed, recalled, removed, taken, total, undone } from "./draft";

const at = (left: number, top: number, side = 20) => ({ left, top, right: left + side, bottom: top + side });
const picture = { width: 200, height: 100 };

it("adds, moves and removes boxes, photograph by photograph, and undoes each", () => {
  const one = added(empty, "f1", { box: "a", place: at(10, 10) });
  const two = added(one, "f2", { box: "b", place: at(50, 10) });
  const moved = placed(two, "f1", "a", at(12, 10));
  const less = removed(moved, "f2", "b");
  expect(asSent(less.boxes)).toEqual([{ field_id: "f1", boxes: [[12, 10, 32, 30]] }]);
  expect(total(moved.boxes)).toBe(2);
  let back: Draft = less;
  for (const wanted of [moved, two, one, empty]) {
    back = undone(back);
    expect(back.boxes).toEqual(wanted.boxes);
  }
  expect(undone(back)).toBe(back);
});

it("counts nothing that changes nothing", () => {
  const one = added(empty, "f1", { box: "a", place: at(10, 10) });
  expect(placed(one, "f1", "a", at(10, 10))).toBe(one);
  expect(placed(one, "f1", "gone", at(0, 0))).toBe(one);
  expect(cleared(empty)).toBe(empty);
  expect(total(cleared(one).boxes)).toBe(0);
  expect(boxed(removed(one, "f1", "a").boxes)).toEqual([]);
});

it("takes the boxes that are there, but for those that are drawn already and those that the border cuts", () => {
  const one = added(empty, "f1", { box: "mine", place: at(10, 10) });
  const there = [
    { box: "same", place: at(14, 8) },
    { box: "free", place: at(100, 40) },
    { box: "left", place: at(-4, 40) },
    { box: "right", place: at(190, 40) },
  ];
  expect(taken(one, "f1", there, picture).boxes["f1"]?.map(({ box }) => box)).toEqual(["mine", "free"]);
  expect(taken(one, "f1", there.slice(0, 1), picture)).toBe(one);
  expect(taken(empty, "f2", there, picture).boxes["f2"]?.length).toBe(2);
});

it("gives boxes to no more photographs than the service takes", () => {
  let draft = empty;
  for (let number = 0; number < MOST_FIELDS; number += 1) draft = added(draft, `f${number}`, { box: `b${number}`, place: at(0, 0) });
  expect(hasRoom(draft.boxes, "another")).toBe(false);
  expect(hasRoom(draft.boxes, "f3")).toBe(true);
  expect(hasRoom(removed(draft, "f3", "b3").boxes, "another")).toBe(true);
});

it("comes back after loading anew, and from nothing that is broken", () => {
  const one = added(empty, "f1", { box: "a", place: at(10, 10) });
  expect(recalled(JSON.stringify(one.boxes))).toEqual({ boxes: one.boxes, past: [] });
  for (const broken of [null, "", "{", '"x"', '{"f1":[{"box":"a","place":{"left":1.5}}]}', '{"f1":3}', '{"f1":[{"box":1,"place":{}}]}']) {
    expect(recalled(broken).boxes).toEqual({});
  }
});
