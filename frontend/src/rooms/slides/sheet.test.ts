import { expect, test } from "vitest";

import { decoded, readMark } from "../capture/mark";
import { fitted, isRange, PAGE, range, SHEETS, sheetsOf, symbolOf } from "./sheet";

test("codes in a row have numbers of one length", () => {
  expect(range("S-26-", 9, 2)).toEqual(["S-26-0009", "S-26-0010"]);
});

test.each([
  ["S-", 1, 24, true],
  ["", 0, 480, true],
  ["S-", 1, 481, false],
  ["S-", 1, 0, false],
  ["S-", -1, 2, false],
  ["S-", 1.5, 2, false],
  ["a name ", 1, 2, false],
  ["x".repeat(37), 1, 2, false],
])("whether %j from %d, %d of them, can be printed: %s", (prefix, first, count, wanted) => {
  expect(isRange(prefix, first, count)).toBe(wanted);
});

test.each(SHEETS)("on sheet %s no label leaves the page or lies on another, and letters stay in their label", (name) => {
  const marks = range("S-26-", 1, 200).map((code) => ({ code, site: "ward seven, north" }));
  const sheets = sheetsOf(marks, name);
  expect(sheets.flat().map(({ mark }) => mark.code)).toEqual(marks.map(({ code }) => code));
  for (const labels of sheets) {
    labels.forEach(({ left, top, width, height, symbol, lines }, index) => {
      expect(left).toBeGreaterThanOrEqual(0);
      expect(left + width).toBeLessThanOrEqual(PAGE.width + 0.001);
      expect(top + height).toBeLessThanOrEqual(PAGE.height);
      expect(symbol.top).toBeGreaterThanOrEqual(top - 0.001);
      for (const line of lines) expect(line.baseline).toBeLessThanOrEqual(top + height);
      const apart = labels.slice(0, index).every((other) => other.left + other.width <= left + 0.001 || left + width <= other.left + 0.001 || other.top + other.height <= top + 0.001);
      expect(apart).toBe(true);
    });
  }
});

test("a symbol as it is drawn is read back", () => {
  const mark = { code: "S-26-0001", site: "lab a" };
  const { path, side } = symbolOf(mark);
  const scale = 5;
  const data = new Uint8ClampedArray((side * scale) ** 2 * 4).fill(255);
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row += 1)
      for (let column = Number(x) * scale; column < (Number(x) + Number(length)) * scale; column += 1) data.set([0, 0, 0], (row * side * scale + column) * 4);
  }
  const text = decoded({ width: side * scale, height: side * scale, data });
  expect(text === undefined ? undefined : readMark(text)).toEqual(mark);
});

test("a long code is broken into lines that can be read", () => {
  const { lines, size } = fitted("x".repeat(40), 20);
  expect(lines.join("")).toBe("x".repeat(40));
  expect(lines).toHaveLength(3);
  expect(size).toBeGreaterThanOrEqual(1.7);
});
