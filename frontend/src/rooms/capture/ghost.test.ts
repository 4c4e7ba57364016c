import { expect, test } from "vitest";

import { bandOf } from "./ghost";

test.each([
  ["right", [820, 0, 180, 500], [0, 0, 180, 500]],
  ["left", [0, 0, 180, 500], [820, 0, 180, 500]],
  ["down", [0, 410, 1000, 90], [0, 0, 1000, 90]],
  ["up", [0, 0, 1000, 90], [0, 410, 1000, 90]],
] as const)("who moves %s sees that side of the last photograph where the next one begins", (ghost, from, to) => {
  expect(bandOf(ghost, 1000, 500)).toEqual({ from, to });
});

test("switched off, there is none", () => {
  expect(bandOf("none", 1000, 500)).toBeUndefined();
});
