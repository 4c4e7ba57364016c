import { expect, it } from "vitest";

import type { Item, ItemPage } from "../../api/rounds";
import type { LabelEvent } from "../../offline/events";
import { Reading } from "./reading";

const WHO = { round: "r1", person: "p1", handle: "edna" };
const TOTAL = 1200;

/** A service with items of which some have answers already. */
function begin(answeredPlaces: readonly number[] = [], { events = [] as LabelEvent[], start = undefined as number | undefined, slow = false } = {}) {
  const kept: LabelEvent[] = [];
  const asked: number[] = [];
  const answered = new Set(answeredPlaces);
  const page = (number: number): ItemPage => ({
    total: TOTAL,
    answered: answered.size,
    items: Array.from({ length: Math.min(500, TOTAL - number * 500) }, (_, index): Item => {
      const place = number * 500 + index;
      const answer = answered.has(place) ? { event: `old-${place}`, term: "monocyte", comment: "", given_at: "2026-01-01T00:00:00Z" } : null;
      return { item: `i${place}`, place, answer };
    }),
  });
  const load = (number: number) => {
    asked.push(number);
    if (!slow) queueMicrotask(() => reading.arrive(number, page(number)));
  };
  const reading: Reading = new Reading(WHO, events, { load, keep: (event) => kept.push(event) }, start);
  reading.open();
  return { reading, kept, asked, page };
}

const soon = () => new Promise((resolve) => setTimeout(resolve));

it("begins at the first item without an answer, and goes on from item to item", async () => {
  const { reading, kept } = begin([0, 1, 2]);
  await soon();
  expect([reading.seen.place, reading.seen.answered, reading.seen.total]).toEqual([3, 3, TOTAL]);
  reading.answer("eosinophil");
  expect([reading.seen.place, reading.seen.answered, reading.seen.item?.item]).toEqual([4, 4, "i4"]);
  expect(kept.map(({ item, after }) => [item, after.term])).toEqual([["i3", "eosinophil"]]);
});

it("loads the next window before the last one ends", async () => {
  const { reading, asked } = begin();
  await soon();
  expect(asked).toEqual([0]);
  reading.go(350);
  expect(asked).toEqual([0, 1]);
});

it("takes back and does again, to the answer before", async () => {
  const { reading, kept } = begin([0]);
  await soon();
  reading.go(0);
  reading.answer("basophil");
  expect(kept.at(-1)?.before.term).toBe("monocyte");
  reading.undo();
  expect([kept.at(-1)?.after.term, reading.seen.place, reading.seen.opinion.term]).toEqual(["monocyte", 0, "monocyte"]);
  reading.redo();
  expect(kept.at(-1)?.after.term).toBe("basophil");
  expect(reading.undo()?.after.term).toBe("monocyte");
  expect(reading.undo()).toBeUndefined();
  expect(kept.map(({ kind }) => kind)).toEqual(["answer", "undo", "redo", "undo"]);
});

it("undoes after a reload what was done before it", async () => {
  const first = begin();
  await soon();
  for (let count = 0; count < 3; count += 1) first.reading.answer("basophil");
  const again = begin([], { events: first.kept, start: 3 });
  await soon();
  expect([again.reading.seen.place, again.reading.seen.answered]).toEqual([3, 3]);
  again.reading.undo();
  expect([again.reading.seen.place, again.reading.seen.answered, again.kept[0]?.after.term]).toEqual([2, 2, null]);
});

it("brings skipped items back at the end", async () => {
  const { reading } = begin(Array.from({ length: TOTAL - 3 }, (_, place) => place));
  await soon();
  expect(reading.seen.place).toBe(TOTAL - 3);
  reading.skip();
  reading.answer("a");
  reading.answer("b");
  // Through the windows before, which are loaded on the way.
  await soon();
  expect(reading.seen.place).toBe(TOTAL - 3);
  reading.answer("c");
  expect([reading.seen.answered, reading.seen.place]).toEqual([TOTAL, TOTAL - 3]);
});

it("lets the newer of two devices' answers stand", async () => {
  const mine = begin([], { slow: true });
  const page = mine.page(0);
  mine.reading.arrive(0, page);
  mine.reading.answer("basophil");
  const [given] = mine.kept;
  const elsewhere = { event: "x", term: "eosinophil", comment: "", given_at: "2999-01-01T00:00:00Z" };
  const [first, ...rest] = page.items;
  mine.reading.arrive(0, { ...page, items: [{ ...(first as Item), answer: elsewhere }, ...rest] });
  mine.reading.go(0);
  expect(mine.reading.seen.opinion.term).toBe("eosinophil");
  mine.reading.answer("monocyte");
  expect(mine.kept.at(-1)?.given_at).toBe("2999-01-01T00:00:00.001Z");
  expect(given?.before.term).toBeNull();
});

it("counts what another tab gave once, and takes back what the service refused", async () => {
  const one = begin();
  await soon();
  one.reading.answer("basophil");
  const two = begin();
  await soon();
  two.reading.hear(one.kept);
  two.reading.hear(one.kept.map((each) => ({ ...each, state: "kept" })));
  expect(two.reading.seen.answered).toBe(1);
  two.reading.hear(one.kept.map((each) => ({ ...each, state: "refused" })));
  expect([two.reading.seen.answered, two.reading.opinion(two.reading.at(0) as Item).term]).toEqual([0, null]);
});

it("keeps a comment until there is an answer that it goes with", async () => {
  const { reading, kept } = begin();
  await soon();
  reading.comment("two nucleoli?");
  expect([reading.seen.comment, kept]).toEqual(["two nucleoli?", []]);
  reading.answer("lymphocyte.large");
  expect(kept[0]?.after).toEqual({ term: "lymphocyte.large", comment: "two nucleoli?" });
});
