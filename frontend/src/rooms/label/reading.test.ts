import { expect, it } from "vitest";

import type { Item, ItemPage } from "../../api/rounds";
import type { Batch } from "../../offline/batch";
import { type LabelEvent, newMoment } from "../../offline/events";
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

const past = (place: number, term: string | null, second: number) => ({
  event: `e${place}-${second}`,
  item: `i${place}`,
  place,
  term,
  comment: "",
  // By a clock that is ahead of all that this page has given so far.
  given_at: new Date(Date.parse(newMoment()) + second * 1000).toISOString(),
});

it("learns what another device answered, counts it once, and undoes it", async () => {
  const { reading, kept } = begin([0]);
  await soon();
  reading.answer("eosinophil");
  expect([reading.seen.place, reading.seen.answered]).toEqual([2, 2]);
  // The service has the old one and two of the other device; this device's own is still on its way.
  const told = { answered: 3, handed_in: false, events: [past(2, "basophil", 1), past(700, "smudge", 2)] };
  reading.catchUp(told);
  expect([reading.seen.answered, reading.seen.opinion.term]).toEqual([4, "basophil"]);
  reading.catchUp(told);
  expect(reading.seen.answered).toBe(4);
  reading.undo();
  expect([kept.at(-1)?.item, kept.at(-1)?.place, kept.at(-1)?.after.term, reading.seen.answered]).toEqual(["i700", 700, null, 3]);
  reading.undo();
  expect([kept.at(-1)?.item, reading.seen.place, reading.seen.answered]).toEqual(["i2", 2, 2]);
  reading.undo();
  expect([kept.at(-1)?.item, reading.seen.answered]).toEqual(["i1", 1]);
  reading.redo();
  reading.redo();
  reading.redo();
  expect([reading.seen.answered, kept.slice(-3).map(({ item, after }) => [item, after.term])]).toEqual([
    4,
    [
      ["i1", "eosinophil"],
      ["i2", "basophil"],
      ["i700", "smudge"],
    ],
  ]);
});

it("counts an item once that both devices answered, and the newer answer stands", async () => {
  const { reading, kept } = begin();
  await soon();
  reading.answer("eosinophil");
  const [mine] = kept;
  const theirs = past(0, "basophil", 1);
  reading.catchUp({ answered: 1, handed_in: false, events: [theirs] });
  expect(reading.seen.answered).toBe(1);
  reading.go(0);
  expect(reading.seen.opinion.term).toBe("basophil");
  reading.hear([{ ...(mine as LabelEvent), state: "kept" }]);
  reading.catchUp({ answered: 1, handed_in: true, events: [{ ...past(0, "eosinophil", 0), event: mine?.event ?? "", given_at: mine?.given_at ?? "" }, theirs] });
  expect([reading.seen.answered, reading.seen.handedIn, reading.settles]).toEqual([1, true, 1]);
});

it("reads what was taken along, skips what was not, and says when it is done", async () => {
  const { reading, page } = begin([], { slow: true });
  const all = page(0).items;
  const items = [3, 4, 7].map((place) => all[place] as Item);
  const batch = { key: "", person: "p1", handle: "edna", total: TOTAL, answered: 3, items } as unknown as Batch;
  reading.missed(0);
  reading.arriveTaken(batch);
  expect([reading.seen.place, reading.seen.answered, reading.seen.takenLeft]).toEqual([3, 3, 3]);
  reading.answer("monocyte");
  reading.answer("smudge");
  expect([reading.seen.place, reading.seen.item?.item, reading.seen.answered]).toEqual([7, "i7", 5]);
  reading.step(-1);
  expect(reading.seen.place).toBe(4);
  reading.step(1);
  reading.step(1);
  expect(reading.seen.place).toBe(7);
  reading.answer("basophil");
  expect([reading.seen.takenLeft, reading.seen.place]).toEqual([0, 7]);
  // The service again: the windows come, and everything goes on.
  reading.reload();
  reading.arrive(0, page(0));
  expect([reading.seen.takenLeft, reading.at(0)?.item, reading.seen.opinion.term]).toEqual([undefined, "i0", "basophil"]);
});
