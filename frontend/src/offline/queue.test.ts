import { expect, it, vi } from "vitest";

import type { Given, Receipt } from "../api/rounds";
import { fromElsewhere, isNewer, type LabelEvent, newId, newMoment, NOTHING, steps, woven } from "./events";
import { readEvents, written } from "./file";
import { togetherOf } from "./kinds";
import { Queue } from "./queue";
import { memoryShelf } from "./shelf";

let made = 0;
const event = (over: Partial<LabelEvent> = {}): LabelEvent => {
  made += 1;
  return {
    what: "answer",
    event: newId(),
    round: "r1",
    person: "p1",
    handle: "edna",
    item: `i${made}`,
    place: made,
    given_at: newMoment(),
    seconds: 1,
    after: { term: "monocyte", comment: "" },
    before: NOTHING,
    kind: "answer",
    state: "waiting",
    refusal: "",
    ...over,
  };
};

/** A service that gives receipts; `answer` may throw or refuse. */
function service(answer: (given: Given[]) => Receipt[] | Error = (given) => given.map(({ event: id }) => ({ event: id, state: "kept", code: "", detail: "" }))) {
  const asked: Given[][] = [];
  vi.stubGlobal("fetch", async (_: string, { body }: { body: string }) => {
    const given = JSON.parse(body) as Given[];
    asked.push(given);
    const receipts = answer(given);
    if (receipts instanceof Error) throw receipts;
    return new Response(JSON.stringify(receipts));
  });
  return asked;
}

const settled = (queue: Queue) => vi.waitFor(() => expect(queue.standing.waiting).toBe(0));

it("keeps an event before it sends it, and remembers the receipt", async () => {
  const shelf = memoryShelf();
  const order: string[] = [];
  const put = shelf.put;
  shelf.put = async (events) => {
    order.push(`put ${events[0]?.state}`);
    await put(events);
  };
  service((given) => {
    order.push("sent");
    return given.map(({ event: id }) => ({ event: id, state: "kept", code: "", detail: "" }));
  });
  const queue = new Queue(Promise.resolve(shelf));
  queue.signIn("p1");
  const one = event();
  await queue.give([one]);
  await settled(queue);
  expect(order).toEqual(["put waiting", "sent", "put kept"]);
  expect((await shelf.ofRound("p1", "r1")).map(({ state }) => state)).toEqual(["kept"]);
});

it("sends what an earlier page left, in order, in batches, and round by round", async () => {
  const shelf = memoryShelf();
  const most = togetherOf(event());
  const left = Array.from({ length: most + 50 }, () => event());
  const other = event({ round: "r2" });
  await shelf.put([...left].reverse());
  await shelf.put([other]);
  const asked = service();
  const queue = new Queue(Promise.resolve(shelf));
  queue.signIn("p1");
  await vi.waitFor(() => expect(asked.flat()).toHaveLength(most + 51));
  expect(asked.map((batch) => batch.length)).toEqual([most, 50, 1]);
  expect(asked.flat().map(({ event: id }) => id)).toEqual([...left, other].map(({ event: id }) => id));
});

it("tries again after a failure, and loses and doubles nothing", async () => {
  let failures = 2;
  const asked = service((given) => {
    failures -= 1;
    if (failures >= 0) return new TypeError("refused");
    return given.map(({ event: id }) => ({ event: id, state: "known", code: "", detail: "" }));
  });
  vi.useFakeTimers();
  const queue = new Queue(Promise.resolve(memoryShelf()));
  queue.signIn("p1");
  await queue.give([event()]);
  await vi.advanceTimersByTimeAsync(1);
  expect([queue.standing.waiting, queue.standing.problem?.code]).toEqual([1, "offline"]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect([queue.standing.waiting, queue.standing.problem]).toEqual([0, undefined]);
  expect(asked).toHaveLength(3);
  expect(new Set(asked.flat().map(({ event: id }) => id)).size).toBe(1);
  vi.useRealTimers();
});

it("shows what was refused, and does not send it again", async () => {
  const asked = service((given) => given.map(({ event: id }) => ({ event: id, state: "refused", code: "round-closed", detail: "the round is closed" })));
  const queue = new Queue(Promise.resolve(memoryShelf()));
  queue.signIn("p1");
  await queue.give([event()]);
  await vi.waitFor(() => expect(queue.standing.refused).toHaveLength(1));
  expect([queue.standing.waiting, queue.standing.refused[0]?.refusal, asked.length]).toEqual([0, "the round is closed", 1]);
});

it("sends nobody else's answers, and says whose they are", async () => {
  const shelf = memoryShelf();
  await shelf.put([event({ person: "p2", handle: "emil" })]);
  const asked = service();
  const queue = new Queue(Promise.resolve(shelf));
  queue.signIn("p1");
  await queue.give([event()]);
  await settled(queue);
  expect(asked.flat()).toHaveLength(1);
  expect(queue.standing.others).toEqual(["emil"]);
});

it("goes on when the disk is full, and says that nothing lasts", async () => {
  const shelf = memoryShelf();
  shelf.put = () => Promise.reject(new DOMException("full", "QuotaExceededError"));
  service(() => new TypeError("no network"));
  const queue = new Queue(Promise.resolve(shelf));
  queue.signIn("p1");
  await queue.give([event()]);
  expect([queue.standing.waiting, queue.standing.lasting]).toEqual([1, false]);
});

it("orders events by time, then id, and hands out later moments only", () => {
  expect(isNewer({ given_at: "2026-01-01T00:00:01Z", event: "a" }, { given_at: "2026-01-01T00:00:00.999Z", event: "b" })).toBe(true);
  expect(isNewer({ given_at: "2026-01-01T00:00:00Z", event: "b" }, { given_at: "2026-01-01T00:00:00.000Z", event: "a" })).toBe(true);
  const ahead = "2031-01-01T00:00:00.000Z";
  const [first, second, third] = [newMoment(), newMoment(), newMoment(ahead)];
  expect(Date.parse(second)).toBeGreaterThan(Date.parse(first));
  expect(third).toBe("2031-01-01T00:00:00.001Z");
  expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

it("knows from events alone what can be undone and redone", () => {
  const [a, b] = [event(), event()];
  const ids = (events: LabelEvent[]) => events.map(({ item }) => item);
  const undo = event({ kind: "undo", item: b.item, before: b.after, after: b.before });
  const after = steps([a, b, undo]);
  expect([ids(after.done), ids(after.undone)]).toEqual([[a.item], [b.item]]);
  const again = steps([a, b, undo, event({ kind: "redo", item: b.item, after: b.after })]);
  expect(ids(again.done)).toEqual([a.item, b.item]);
  const other = event();
  expect(steps([a, b, undo, other]).undone).toEqual([]);
});

/** A service that refuses by address and content, with a status. */
function refusing(status: (url: string, given: Given[]) => number): void {
  vi.stubGlobal("fetch", async (url: string, { body }: { body: string }) => {
    const given = JSON.parse(body) as Given[];
    const code = status(url, given);
    const problem = { type: "", title: "", status: code, detail: "no", code: "no", hint: "" };
    const receipts = given.map(({ event: id }) => ({ event: id, state: "kept", code: "", detail: "" }));
    return new Response(JSON.stringify(code === 200 ? receipts : problem), { status: code });
  });
}

it("holds what a round does not take, and sends the rest", async () => {
  const shelf = memoryShelf();
  await shelf.put([event({ round: "gone" }), event({ round: "gone" }), event({ round: "r2" })]);
  refusing((url) => (url.includes("gone") ? 404 : 200));
  const queue = new Queue(Promise.resolve(shelf));
  queue.signIn("p1");
  await vi.waitFor(() => expect(queue.standing.waiting).toBe(2));
  await vi.waitFor(() => expect(queue.standing.problem?.status).toBe(404));
  expect((await shelf.ofRound("p1", "r2")).map(({ state }) => state)).toEqual(["kept"]);
  expect((await shelf.ofRound("p1", "gone")).map(({ state }) => state)).toEqual(["waiting", "waiting"]);
});

it("finds the one event for which a whole batch is refused", async () => {
  const shelf = memoryShelf();
  const wrong = event();
  await shelf.put([event(), event(), wrong, event(), event()]);
  refusing((_, given) => (given.some(({ event: id }) => id === wrong.event) ? 422 : 200));
  const queue = new Queue(Promise.resolve(shelf));
  queue.signIn("p1");
  await vi.waitFor(() => expect(queue.standing.refused).toHaveLength(1));
  await settled(queue);
  expect(queue.standing.refused.map(({ event: id }) => id)).toEqual([wrong.event]);
  expect((await shelf.ofRound("p1", "r1")).filter(({ state }) => state === "kept")).toHaveLength(4);
});

const elsewhere = (item: string, term: string | null, given_at: string): LabelEvent =>
  fromElsewhere({ event: newId(), item, place: 0, term, comment: "", given_at }, { round: "r1", person: "p1", handle: "edna" });
const at = (second: number): string => `2026-01-01T00:00:${String(second).padStart(2, "0")}.000Z`;
const said = (events: LabelEvent[]) => events.map(({ item, before, after }) => [item, before.term, after.term]);

it("weaves what another device gave into one history, and undoes the last of both", () => {
  const here = event({ item: "i1", given_at: at(5), after: { term: "smudge", comment: "" } });
  const events = woven([here, elsewhere("i1", "monocyte", at(1)), elsewhere("i2", "basophil", at(9))]);
  expect(said(events)).toEqual([
    ["i1", null, "monocyte"],
    ["i1", "monocyte", "smudge"],
    ["i2", null, "basophil"],
  ]);
  expect(said(steps(events).done)).toEqual(said(events));
});

it("knows an undo and a redo of another device by what they say", () => {
  const here = event({ item: "i3", given_at: at(5) });
  const undone = [elsewhere("i1", "monocyte", at(1)), elsewhere("i2", "basophil", at(2)), elsewhere("i2", null, at(6))];
  const first = steps(woven([...undone, here]));
  expect([first.done.map(({ item }) => item), first.undone.map(({ item }) => item)]).toEqual([["i1", "i3"], ["i2"]]);
  const again = steps(woven([...undone, here, elsewhere("i2", "basophil", at(7))]));
  expect([again.done.map(({ item }) => item), again.undone]).toEqual([["i1", "i3", "i2"], []]);
  const other = steps(woven([...undone, here, elsewhere("i4", "smudge", at(7))]));
  expect([other.done.map(({ item }) => item), other.undone]).toEqual([["i1", "i3", "i4"], []]);
});

it("an undo of this device takes back its own step, whatever came between by the clock", () => {
  const mine = event({ item: "i1", given_at: at(1) });
  const undo = event({ item: "i1", given_at: at(3), kind: "undo", before: mine.after, after: NOTHING });
  const { done, undone } = steps(woven([mine, undo, elsewhere("i2", "smudge", at(2))]));
  expect([done.map(({ item }) => item), undone.map(({ item }) => item)]).toEqual([["i2"], ["i1"]]);
});

it("settles nothing when another tab has signed somebody else in", async () => {
  const shelf = memoryShelf();
  await shelf.put([event(), event()]);
  let who = "p2";
  vi.stubGlobal("fetch", async (url: string, { body }: { body?: string }) => {
    if (url === "/api/session") return new Response(JSON.stringify({ person: { id: who } }));
    const given = JSON.parse(body ?? "[]") as Given[];
    const refusal = who === "p1" ? { state: "kept", code: "", detail: "" } : { state: "refused", code: "not-found", detail: "no" };
    return new Response(JSON.stringify(given.map(({ event: id }) => ({ event: id, ...refusal }))));
  });
  const queue = new Queue(Promise.resolve(shelf));
  queue.signIn("p1");
  await vi.waitFor(() => expect(queue.standing.problem?.code).toBe("other-person"));
  expect([queue.standing.waiting, queue.standing.refused]).toEqual([2, []]);
  who = "p1";
  queue.wake();
  await settled(queue);
  expect(queue.standing.problem).toBeUndefined();
});

it("says since when the oldest waits, saves what is not there yet, and takes a file in once", async () => {
  service(() => new TypeError("no network"));
  const queue = new Queue(Promise.resolve(memoryShelf()));
  queue.signIn("p1");
  const [old, foreign] = [event({ given_at: "2026-01-01T00:00:00.000Z" }), event({ person: "p2", handle: "emil" })];
  await queue.give([event()]);
  await queue.give([old]);
  await queue.give([foreign]);
  expect([queue.standing.waiting, queue.standing.oldest, queue.standing.others]).toEqual([2, old.given_at, ["emil"]]);
  const text = queue.save();
  expect(text).not.toContain(foreign.event);
  expect(readEvents(text)?.[0]).toEqual(old);

  service();
  const other = new Queue(Promise.resolve(memoryShelf()));
  expect(await other.load("{}")).toBeUndefined();
  expect(await other.load(text)).toBe(2);
  expect([other.standing.waiting, other.standing.others]).toEqual([0, ["edna"]]);
  other.signIn("p1");
  await vi.waitFor(() => expect([other.standing.waiting, other.standing.others]).toEqual([0, []]));
  expect(await other.load(text)).toBe(0);
});

it("takes no file that is broken anywhere", () => {
  const whole = JSON.parse(written([event()], at(0))) as { events: Record<string, unknown>[] };
  const [first] = whole.events;
  for (const over of [{ event: "" }, { given_at: "never" }, { after: { term: 3, comment: "" } }, { kind: "elsewhere" }, { place: 0.5 }, { seconds: "1" }]) {
    expect(readEvents(JSON.stringify({ ...whole, events: [first, { ...first, ...over }] }))).toBeUndefined();
  }
  expect([readEvents("no JSON"), readEvents("null"), readEvents(JSON.stringify({ ...whole, form: "x" }))]).toEqual([undefined, undefined, undefined]);
  expect(readEvents(JSON.stringify(whole))).toHaveLength(1);
});

it("lets go of what was refused when the person says so", async () => {
  const shelf = memoryShelf();
  service((given) => given.map(({ event: id }) => ({ event: id, state: "refused", code: "conflict", detail: "closed", panel: null })));
  const queue = new Queue(Promise.resolve(shelf));
  queue.signIn("p1");
  await queue.give([event()]);
  await vi.waitFor(() => expect(queue.standing.refused).toHaveLength(1));
  expect(readEvents(queue.save())).toHaveLength(1);
  await queue.dropRefused();
  expect([queue.standing.refused, await shelf.inState("refused")]).toEqual([[], []]);
});
