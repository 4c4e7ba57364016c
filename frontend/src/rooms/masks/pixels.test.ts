import { expect, test } from "vitest";

import { above, cleaned, count, filled, histogram, maskOf, outside, runLengths, thresholded, toggled } from "./pixels";

const drawn = (...rows: string[]) => ({
  mask: Uint8Array.from(rows.join(""), (sign) => Number(sign === "#")),
  extent: { width: rows[0]?.length ?? 0, height: rows.length },
});
const shown = (mask: Uint8Array, width: number) =>
  Array.from({ length: mask.length / width }, (_, row) => Array.from(mask.slice(row * width, (row + 1) * width), (pixel) => (pixel ? "#" : ".")).join(""));

test("what lies above the level is in the mask, and the level itself is not", () => {
  expect([...above(Uint8Array.of(0, 9, 10, 11, 255), 10)]).toEqual([0, 0, 0, 1, 1]);
  expect(count(above(Uint8Array.of(255), 255))).toBe(0);
});

test("regions far from the middle go, and those under a tenth of the largest", () => {
  const mask = new Uint8Array(3600);
  const lay = (left: number, top: number, side: number) => {
    for (let y = top; y < top + side; y += 1) mask.fill(1, y * 60 + left, y * 60 + left + side);
  };
  lay(20, 20, 20);
  lay(0, 0, 5);
  lay(45, 30, 6);
  lay(45, 45, 8);
  const extent = { width: 60, height: 60 };
  expect(count(cleaned(mask, extent, "lobes", false))).toBe(400);
  lay(42, 24, 7);
  expect(count(cleaned(mask, extent, "lobes", false))).toBe(400 + 81);
  expect(count(cleaned(mask, extent, "largest", false))).toBe(400);
  expect(count(cleaned(mask, extent, "all", false))).toBe(count(mask));
});

test("holes of at most a hundredth are filled, larger ones stay open", () => {
  const channel = new Uint8Array(3600);
  for (let y = 20; y < 40; y += 1) channel.fill(200, y * 60 + 20, y * 60 + 40);
  channel.fill(0, 25 * 60 + 25, 25 * 60 + 29);
  channel.fill(0, 35 * 60 + 25, 35 * 60 + 28);
  const extent = { width: 60, height: 60 };
  expect(count(thresholded(channel, 100, extent, "all", false))).toBe(393);
  expect(count(thresholded(channel, 100, extent, "lobes", true))).toBe(396);
  expect(count(thresholded(channel, 255, extent, "lobes", true))).toBe(0);
});

test("background that reaches the border through no corner is a hole", () => {
  const { mask, extent } = drawn(".##.", "#..#", ".##.");
  expect(shown(filled(mask, extent), 4)).toEqual([".##.", "####", ".##."]);
  expect(shown(filled(mask, extent, 1), 4)).toEqual([".##.", "#..#", ".##."]);
});

test("a region is turned off by a touch, and on where the other mask has one", () => {
  const { mask, extent } = drawn("##..", "..#.", "...#", "#...");
  const less = toggled(mask, undefined, extent, 3, 2);
  expect(shown(less, 4)).toEqual(["....", "....", "....", "#..."]);
  expect(shown(toggled(less, mask, extent, 0, 0), 4)).toEqual(shown(mask, 4));
  expect(toggled(less, undefined, extent, 0, 0)).toBe(less);
});

test("runs that meet again far below are one region", () => {
  const { mask, extent } = drawn("#.#.#", "#.#.#", "#.###", "#.#..", "###..");
  expect(count(toggled(mask, undefined, extent, 4, 0))).toBe(0);
});

test("run lengths begin with background and give the mask back", () => {
  const { mask, extent } = drawn("#..", ".##");
  expect(runLengths(mask)).toEqual([0, 1, 3, 2]);
  expect([...maskOf(runLengths(mask), extent)]).toEqual([...mask]);
  const whole = new Uint8Array(6);
  expect(runLengths(whole)).toEqual([6]);
});

test("a histogram counts each level, and what leaves a mask is counted", () => {
  const counts = histogram(Uint8Array.of(0, 3, 3, 255));
  expect([counts[0], counts[3], counts[255], counts[1]]).toEqual([1, 2, 1, 0]);
  expect(outside(Uint8Array.of(1, 1, 0), Uint8Array.of(1, 0, 1))).toBe(1);
});
