import { describe, expect, it } from "vitest";

import { moved, tiling } from "./layout";

describe("tiling", () => {
  it("fills the row", () => {
    expect(tiling(360, 100, 8)).toEqual({ columns: 3, tile: (360 - 16) / 3 });
  });
  it("has one column where there is no room for a tile", () => {
    expect(tiling(50, 100, 8)).toEqual({ columns: 1, tile: 50 });
  });
});

describe("moved", () => {
  // 0 1 2 3 / 4 5 6 7 / 8 9
  const go = (key: string, index: number, rtl = false) => moved(key, index, 10, 4, 2, rtl);
  it.each([
    ["ArrowRight", 3, 4],
    ["ArrowRight", 9, 9],
    ["ArrowLeft", 0, 0],
    ["ArrowDown", 1, 5],
    ["ArrowDown", 6, 9],
    ["ArrowDown", 9, 9],
    ["ArrowUp", 2, 2],
    ["ArrowUp", 9, 5],
    ["PageDown", 1, 9],
    ["PageUp", 9, 1],
    ["Home", 7, 0],
    ["End", 2, 9],
  ])("%s from %i leads to %i", (key, from, to) => {
    expect(go(key, from)).toBe(to);
  });
  it("follows the screen where the page is written from right to left", () => {
    expect(go("ArrowLeft", 3, true)).toBe(4);
    expect(go("ArrowRight", 3, true)).toBe(2);
  });
  it("leaves other keys alone", () => {
    expect(go("Enter", 3)).toBeUndefined();
  });
});
