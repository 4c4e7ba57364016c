import { expect, it } from "vitest";

import { type Act, actOf, applied, type Boxes, given, type Held, inSight, removedOnes, typed, typicalSide, undone, withType } from "./boxes";

const place = { left: 10, top: 10, right: 50, bottom: 40 };
const there = { left: 20, top: 15, right: 60, bottom: 45 };
const held = (box: string, over: Partial<Held> = {}): Held => ({
  box,
  cell: box,
  place,
  suggested: place,
  state: "suggested",
  term: null,
  by: null,
  foundBy: "color-filter",
  ...over,
});
const start: Boxes = new Map([
  ["s", held("s")],
  ["m", held("m", { place: there, state: "moved", by: "emil", term: "monocyte" })],
  ["d", held("d", { suggested: null, state: "drawn", by: "emil" })],
  ["r", held("r", { state: "removed", by: "emil" })],
]);
const after = (boxes: Boxes, acts: readonly Act[]) => acts.reduce((now, act) => applied(now, act, "edna"), boxes);
const plain = (boxes: Boxes) => inSight(boxes).map(({ box, place: at, state, term }) => ({ box, at, state, term }));

it("applies each act as the service does", () => {
  const now = after(start, [
    { act: "move", box: "s", place: there },
    { act: "reset", box: "m" },
    { act: "remove", box: "d" },
    { act: "accept", box: "r" },
    { act: "add", box: "n", place: there },
    { act: "type", box: "n", term: "basophil" },
  ]);
  expect([...now.values()].map(({ box, state, by }) => [box, state, by])).toEqual([
    ["s", "moved", "edna"],
    ["m", "suggested", "edna"],
    ["d", "removed", "edna"],
    ["r", "accepted", "edna"],
    ["n", "drawn", "edna"],
  ]);
  expect(now.get("m")?.place).toEqual(place);
  expect(now.get("n")?.term).toBe("basophil");
});

it("calls a box that is moved back to where it was suggested accepted", () => {
  expect(after(start, [{ act: "move", box: "m", place }]).get("m")?.state).toBe("accepted");
});

const steps: Act[][] = [
  [{ act: "add", box: "n", place }],
  [{ act: "move", box: "s", place: there }],
  [{ act: "move", box: "d", place: there }],
  [{ act: "remove", box: "s" }],
  [{ act: "remove", box: "m" }],
  [{ act: "remove", box: "d" }],
  [{ act: "reset", box: "r" }],
  [{ act: "accept", box: "s" }, { act: "type", box: "s", term: "monocyte" }],
  [{ act: "type", box: "m", term: null }],
  [{ act: "accept", box: "s" }, { act: "move", box: "s", place: there }, { act: "remove", box: "s" }],
];

it.each(steps.map((acts) => [acts.map(({ act, box }) => `${act} ${box}`).join(", "), acts] as const))("undoes and redoes: %s", (_, acts) => {
  const done = after(start, acts);
  const back = undone(start, acts);
  const again = after(done, back);
  expect(plain(again)).toEqual(plain(start));
  expect(plain(after(again, undone(done, back)))).toEqual(plain(done));
});

it("takes the type along when a box moves, and accepts a suggestion that is typed", () => {
  expect(withType(start, { act: "move", box: "m", place: there }).map(({ act }) => act)).toEqual(["move", "type"]);
  expect(withType(start, { act: "move", box: "s", place: there }).map(({ act }) => act)).toEqual(["move"]);
  expect(typed(start, "s", "basophil").map(({ act }) => act)).toEqual(["accept", "type"]);
  expect(typed(start, "m", "basophil").map(({ act }) => act)).toEqual(["type"]);
});

it("makes events that say the same again when they are read back", () => {
  const acts: Act[] = [{ act: "add", box: "n", place }, { act: "remove", box: "s" }, { act: "type", box: "s", term: null }];
  const events = acts.map((act) => given(act, { person: "p1", handle: "edna", field: "f1" }));
  expect(events.map(actOf)).toEqual(acts);
  expect(new Set(events.map(({ event }) => event)).size).toBe(3);
  expect([...events].sort((a, b) => (a.given_at < b.given_at ? -1 : 1))).toEqual(events);
});

it("shows what is there, and knows what can be brought back", () => {
  expect(inSight(start).map(({ box }) => box)).toEqual(["s", "m", "d"]);
  expect(removedOnes(start).map(({ box }) => box)).toEqual(["r"]);
});

it("knows how large the boxes around are", () => {
  const square = (side: number): Held => held(`s${side}`, { place: { left: 5, top: 5, right: 5 + side, bottom: 5 + side } });
  expect([typicalSide([]), typicalSide([square(70)]), typicalSide([square(300), square(60), square(72)])]).toEqual([0, 70, 72]);
  // Of an even number the lower of the middle two; of a long box the mean of its sides.
  expect(typicalSide([square(80), square(60)])).toBe(60);
  expect(typicalSide([held("long", { place: { left: 0, top: 0, right: 100, bottom: 60 } })])).toBe(80);
});
