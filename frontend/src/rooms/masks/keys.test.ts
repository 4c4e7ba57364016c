import { beforeEach, expect, test } from "vitest";

import { conflicts, rebind } from "../../keys/bindings";
import { isTaken } from "../../keys/chords";
import { ACTIONS, keepKeys, keptKeys, keyOf, stepOf, usualKeys } from "./keys";

beforeEach(() => localStorage.clear());

test("no two actions have one key at first, and none takes a key of the browser", () => {
  expect(conflicts(usualKeys).size).toBe(0);
  expect(ACTIONS.flatMap((action) => usualKeys[action] ?? []).filter(isTaken)).toEqual([]);
});

test("steps of the threshold are told by their names", () => {
  expect(ACTIONS.map(stepOf).filter((by) => by !== undefined)).toEqual([1, -1, 5, -5, 10, -10, 20, -20]);
});

test("a person's own keys stay in the browser until the usual ones are wanted again", () => {
  const own = rebind(usualKeys, "brush", "KeyQ", "KeyB");
  keepKeys(own);
  expect(keptKeys()).toEqual(own);
  expect([keyOf(keptKeys(), "brush"), keyOf(keptKeys(), "zoomOut"), keyOf(keptKeys(), "smaller")]).toEqual(["Q", "", "["]);
  keepKeys(null);
  expect(keptKeys()).toEqual(usualKeys);
});
