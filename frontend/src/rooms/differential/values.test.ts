import { describe, expect, it } from "vitest";

import { outward, typedNumber } from "./values";

describe("a typed count", () => {
  it.each([
    ["6.2", 6.2],
    [" 6,2 ", 6.2],
    ["۶٫۲", 6.2],
    ["٦٫٢", 6.2],
    [".5", 0.5],
    ["12", 12],
  ])("%s is a number", (text, number) => expect(typedNumber(text)).toBe(number));
  it.each(["", "six", "6.2.1", "-3", "6e3", "1,000,000"])("%s is none", (text) => expect(typedNumber(text)).toBeUndefined());
});

it("rounds limits outward, as Rümke's table does", () => {
  expect(outward(1.64, 11.28)).toEqual([1, 12]);
  expect(outward(0, 100)).toEqual([0, 100]);
  expect(outward(6.0000000000001, 16 - 1e-13)).toEqual([6, 16]);
});
