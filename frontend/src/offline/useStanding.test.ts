import { expect, test } from "vitest";

import { type Problem } from "../api/client";
import { NOTHING } from "./photographs/sender";
import type { Standing } from "./queue";
import { together } from "./useStanding";

const CALM: Standing = { waiting: 0, others: [], oldest: undefined, problem: undefined, refused: [], lasting: true, known: true };
const offline: Problem = { type: "", title: "", status: 0, detail: "", code: "offline", hint: "" };

test("what waits is counted together, from the oldest on", () => {
  const events: Standing = { ...CALM, waiting: 2, oldest: "2026-11-23T10:00:00Z", others: ["emil"] };
  const found = together(events, { ...NOTHING, known: true, waiting: 3, oldest: "2026-11-22T10:00:00Z", others: ["emil", "theo"], problem: offline });
  expect(found).toMatchObject({ waiting: 5, oldest: "2026-11-22T10:00:00Z", others: ["emil", "theo"], problem: offline, known: true, lasting: true });
});

test("with nothing of either kind there is nothing to tell", () => {
  expect(together(CALM, { ...NOTHING, known: true, problem: offline })).toEqual(CALM);
  expect(together(CALM, NOTHING).known).toBe(false);
});

test("a photograph without room on the device is not kept for long", () => {
  expect(together(CALM, { ...NOTHING, known: true, full: true }).lasting).toBe(false);
});
