import { expect, it } from "vitest";

import type { Dispute } from "../../api/adjudication";
import { Deciding } from "./deciding";
import type { DecisionEvent } from "./events";

const dispute = (place: number, decided?: { term: string; mine: boolean }): Dispute => ({
  item: `d${place}`,
  place,
  opinions: [
    { term: "monocyte", experts: 1, comments: [] },
    { term: "basophil", experts: 1, comments: [] },
  ],
  decision: decided ? { ...decided, reason: "", given_at: "2026-01-01T00:00:00Z" } : null,
});

const WHO = { person: "p1", handle: "judith", round: "r1" };

function queue(items: Dispute[], waiting: DecisionEvent[] = []) {
  const given: DecisionEvent[] = [];
  const deciding = new Deciding(items, WHO, (events) => given.push(...events), waiting);
  return { deciding, given };
}

it("begins at the first that is not decided, and goes on to the next such", () => {
  const { deciding } = queue([dispute(0, { term: "monocyte", mine: true }), dispute(1), dispute(2, { term: "basophil", mine: false }), dispute(3)]);
  expect(deciding.standing.place).toBe(1);
  deciding.decide("basophil", "");
  expect([deciding.standing.place, deciding.standing.decided, deciding.standing.gained]).toEqual([3, 3, 1]);
  deciding.decide("monocyte", "");
  expect(deciding.standing.place).toBe(3);
  expect(deciding.standing.decided).toBe(4);
});

it("undoes and redoes by deciding again, and gives another's decision back to the other", () => {
  const { deciding, given } = queue([dispute(0, { term: "basophil", mine: false })]);
  deciding.decide("monocyte", "round nucleus");
  expect(deciding.undo()).toBe(true);
  expect(deciding.standing.item?.decision).toMatchObject({ term: "basophil", mine: false });
  expect(deciding.redo()).toBe(true);
  expect(deciding.redo()).toBe(false);
  expect(given.map(({ term, reason }) => [term, reason])).toEqual([
    ["monocyte", "round nucleus"],
    [null, ""],
    ["monocyte", "round nucleus"],
  ]);
  expect(new Set(given.map(({ event }) => event)).size).toBe(3);
  expect(given.map(({ given_at }) => given_at).sort()).toEqual(given.map(({ given_at }) => given_at));
  expect(given.every(({ person, round, state }) => person === "p1" && round === "r1" && state === "waiting")).toBe(true);
});

it("counts what waits on the device as decided, and what another tab gives", () => {
  const { given } = (() => {
    const first = queue([dispute(0), dispute(1), dispute(2)]);
    first.deciding.decide("monocyte", "");
    return first;
  })();
  const { deciding } = queue([dispute(0), dispute(1), dispute(2)], given);
  expect([deciding.standing.place, deciding.standing.decided]).toEqual([1, 1]);
  const other = queue([dispute(0), dispute(1), dispute(2)]);
  other.deciding.step(1);
  other.deciding.decide("basophil", "");
  deciding.hear(other.given);
  expect(deciding.standing.decided).toBe(2);
  deciding.hear(other.given.map((each) => ({ ...each, round: "another", item: "d2" })));
  expect(deciding.standing.decided).toBe(2);
});

it("takes back what the service refuses", () => {
  const { deciding, given } = queue([dispute(0), dispute(1)]);
  deciding.decide("monocyte", "");
  deciding.hear(given.map((each) => ({ ...each, state: "refused", refusal: "no such term" })));
  expect([deciding.standing.decided, deciding.standing.undoable]).toEqual([0, false]);
  expect(deciding.undo()).toBe(false);
});
