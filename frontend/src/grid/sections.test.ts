import { describe, expect, it } from "vitest";

import { isInside, Layout, type Measures } from "./sections";

const cells = (name: string, count: number) => Array.from({ length: count }, (_, index) => `${name}${index}`);
const SECTIONS = [
  { key: "", cells: cells("u", 5) },
  { key: "empty", cells: [] },
  { key: "m", cells: cells("m", 4) },
];
// Four in a row, 100 wide and 100 high with a gap of 10; headings of 40.
const measures = (over: Partial<Measures> = {}): Measures => ({ columns: 4, tile: 100, height: 100, gap: 10, head: 40, rtl: false, width: 430, ...over });
const layout = new Layout(SECTIONS, measures());

it("puts lines below each other, a heading before the tiles of each section", () => {
  expect(layout.lines.map((line) => [line.kind, line.top])).toEqual([
    ["head", 0],
    ["tiles", 40],
    ["tiles", 150],
    ["head", 260],
    ["head", 300],
    ["tiles", 340],
  ]);
  expect(layout.height).toBe(450);
  expect(layout.cellsOf(2)).toEqual(["u4"]);
  expect([layout.lineAt(0), layout.lineAt(149), layout.lineAt(150), layout.lineAt(9999)]).toEqual([0, 1, 2, 5]);
  expect([layout.headOf("m"), layout.headOf("nothing"), layout.lineOf("m", 3), layout.lineOf("", 4)]).toEqual([4, undefined, 5, 2]);
});

it("knows what is whole in sight, in a frame, in a loop", () => {
  expect(layout.whole(0, 250)).toEqual(cells("u", 5));
  expect(layout.whole(0, 249)).toEqual(cells("u", 4));
  expect(layout.whole(41, 449)).toEqual(["u4", ...cells("m", 4)]);
  expect(layout.inFrame({ x: 215, y: 130 }, { x: 90, y: 160 })).toEqual(["u0", "u1", "u4"]);
  expect(layout.inFrame({ x: 102, y: 50 }, { x: 108, y: 60 })).toEqual([]);
  const loop = [
    { x: 60, y: 60 },
    { x: 300, y: 60 },
    { x: 300, y: 120 },
    { x: 60, y: 120 },
  ];
  expect(layout.inLoop(loop)).toEqual(["u1", "u2"]);
  expect([isInside({ x: 70, y: 70 }, loop), isInside({ x: 20, y: 70 }, loop)]).toEqual([true, false]);
});

it("begins at the right where the page is written so", () => {
  const mirrored = new Layout(SECTIONS, measures({ rtl: true }));
  expect(mirrored.inFrame({ x: 420, y: 60 }, { x: 400, y: 80 })).toEqual(["u0"]);
  expect(mirrored.moved("ArrowLeft", "", 0, 200)).toEqual({ section: "", index: 1 });
});

describe("keys", () => {
  const go = (key: string, section: string, index: number) => {
    const found = layout.moved(key, section, index, 200);
    return found && `${found.section}${found.index}`;
  };
  it.each([
    ["ArrowRight", "", 1, "2"],
    ["ArrowRight", "", 4, "m0"],
    ["ArrowLeft", "m", 0, "4"],
    ["ArrowRight", "m", 3, "m3"],
    ["ArrowDown", "", 2, "4"],
    ["ArrowDown", "", 4, "m0"],
    ["ArrowUp", "m", 2, "4"],
    ["ArrowUp", "", 1, "1"],
    ["PageDown", "", 3, "4"],
    ["Home", "m", 2, "0"],
    ["End", "", 0, "m3"],
  ])("%s from %s%i leads to %s", (key, section, index, to) => {
    expect(go(key, section, index)).toBe(to);
  });
  it("leaves others alone", () => {
    expect(go("KeyQ", "", 0)).toBeUndefined();
    expect(go("ArrowUp", "nothing", 0)).toBeUndefined();
  });
});
