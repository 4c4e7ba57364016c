import { beforeEach, expect, it, vi } from "vitest";

import type { Receipt } from "../api/rounds";
import { type DecisionEvent, decisionEvent } from "../rooms/adjudicate/events";
import type { GalleryEvent } from "../rooms/cells/sorting/events";
import { type BoxEvent, given } from "../rooms/locate/boxes";
import { type MaskEvent, maskEvent } from "../rooms/masks/events";
import { type LabelEvent, newId, newMoment, NOTHING } from "./events";
import { readEvents, written } from "./file";
import { isPersonal, type Queued, sentOf, urlOf } from "./kinds";
import { Queue } from "./queue";
import { memoryShelf } from "./shelf";
import { oldBox, oldDecisions } from "./takeover";

const WHO = { person: "p1", handle: "edna" };
const every = () => ({ event: newId(), ...WHO, given_at: newMoment(), state: "waiting" as const, refusal: "" });
const answer = (over: Partial<LabelEvent> = {}): LabelEvent => ({
  what: "answer",
  ...every(),
  ...{ round: "r1", item: "i1", place: 0, seconds: null, after: { term: "smudge", comment: "" }, before: NOTHING, kind: "answer" },
  ...over,
});
const label = (over: Partial<GalleryEvent> = {}): GalleryEvent => ({
  what: "label",
  ...every(),
  ...{ batch: "b1", cell: "c1", taxonomy: "raabin@1", look: "gallery", kind: "label" },
  ...{ from: { at: "", mine: false }, to: { at: "monocyte", mine: true } },
  ...over,
});
const box = (over: Partial<BoxEvent> = {}): BoxEvent => ({ ...given({ act: "remove", box: "c1" }, { ...WHO, field: "f1" }), ...over });
const decision = (over: Partial<DecisionEvent> = {}): DecisionEvent => ({
  ...decisionEvent({ event: newId(), item: "d1", term: "monocyte", reason: "", given_at: newMoment() }, { ...WHO, round: "r2" }),
  ...over,
});

const mask = (over: Partial<MaskEvent> = {}): MaskEvent => ({
  ...maskEvent(
    { event: newId(), cell: "c1", given_at: newMoment(), method: "best", threshold: null, strokes: "", seconds: 3.5, nucleus: null, cell_mask: [3, 2, 4], failure: "granules" },
    WHO,
  ),
  ...over,
});

const OK = { state: "kept", code: "", detail: "", panel: null } as const;
type Answer = (url: string, sent: { event: string }[]) => Receipt[] | number | Error;

/** A service where edna is signed in; what it is asked, in order. */
function service(answered: Answer = (_, sent) => sent.map(({ event }) => ({ event, ...OK })), who: { now: string | null } = { now: "p1" }) {
  const asked: [string, { event: string }[]][] = [];
  vi.stubGlobal("fetch", async (url: string, { body }: { body?: string }) => {
    if (url === "/api/session") return new Response(JSON.stringify({ person: who.now === null ? null : { id: who.now } }));
    const sent = JSON.parse(body ?? "[]") as { event: string }[];
    asked.push([url, sent]);
    const found = answered(url, sent);
    if (found instanceof Error) throw found;
    if (typeof found !== "number") return new Response(JSON.stringify(found));
    return new Response(JSON.stringify({ type: "", title: "", status: found, detail: "no", code: "no", hint: "" }), { status: found });
  });
  return asked;
}

const queue = (shelf = memoryShelf(), person: string | undefined = "p1"): Queue => {
  const made = new Queue(Promise.resolve(shelf));
  made.signIn(person);
  return made;
};
const emptied = (one: Queue) => vi.waitFor(() => expect(one.standing.waiting).toBe(0));

beforeEach(() => localStorage.clear());

it("sends every kind where it belongs, and nothing but what the service asks for", () => {
  expect([answer(), label(), box({ field: "f 1" }), decision(), mask()].map(urlOf)).toEqual([
    "/api/rounds/r1/answers",
    "/api/labels",
    "/api/fields/f%201/boxes",
    "/api/adjudication/r2/decisions",
    "/api/masks",
  ]);
  expect(Object.keys(sentOf(label()) as object).sort()).toEqual(["cell", "event", "given_at", "look", "taxonomy", "term"]);
  expect(sentOf(label({ to: { at: "monocyte", mine: false } }))).toMatchObject({ term: null });
  expect(Object.keys(sentOf(box()) as object).sort()).toEqual(["act", "box", "event", "given_at", "place", "term"]);
  expect(Object.keys(sentOf(decision()) as object).sort()).toEqual(["event", "given_at", "item", "reason", "seconds", "term"]);
  const asked = ["cell", "cell_mask", "event", "failure", "given_at", "method", "nucleus", "seconds", "strokes", "threshold"];
  expect(Object.keys(sentOf(mask()) as object).sort()).toEqual(asked);
  expect([answer(), label(), box(), decision(), mask()].map(isPersonal)).toEqual([true, false, false, false, false]);
});

it("counts all kinds together, sends each address by itself in order, and keeps what undoing needs", async () => {
  const shelf = memoryShelf();
  service(() => new TypeError("no network"));
  const first = queue(shelf);
  const all: Queued[] = [answer(), label(), box(), label(), box({ field: "f2" }), answer()];
  for (const each of all) await first.give([each]);
  await vi.waitFor(() => expect(first.standing.problem?.code).toBe("offline"));
  expect([first.standing.waiting, first.standing.oldest]).toEqual([6, all[0]?.given_at]);
  expect([first.waitingOf("answer", ({ round }) => round === "r1"), first.waitingOf("box", ({ field }) => field === "f2")]).toEqual([2, 1]);
  // The page is closed, and opened again with a connection.
  const asked = service();
  const second = queue(shelf);
  await vi.waitFor(() => expect(asked).toHaveLength(4));
  await emptied(second);
  expect(asked.map(([url, sent]) => [url, sent.length])).toEqual([["/api/rounds/r1/answers", 2], ["/api/labels", 2], ["/api/fields/f1/boxes", 1], ["/api/fields/f2/boxes", 1]]);
  expect(asked.flatMap(([, sent]) => sent.map(({ event }) => event)).sort()).toEqual(all.map(({ event }) => event).sort());
  expect((await second.ofKind("p1", "label")).map(({ state }) => state)).toEqual(["kept", "kept"]);
  expect((await second.ofRound("p1", "r1")).map(({ state }) => state)).toEqual(["kept", "kept"]);
  expect(await second.ofKind("p1", "box")).toEqual([]);
});

it("tells why something was not taken, of every kind, and in every tab", async () => {
  const shelf = memoryShelf();
  service((_, sent) => sent.map(({ event }) => ({ event, state: "refused", code: "conflict", detail: "held", panel: null })));
  const one = queue(shelf);
  const heard: Queued[] = [];
  one.listen((events) => heard.push(...events));
  await one.give([label()]);
  await one.give([box()]);
  await vi.waitFor(() => expect(one.standing.refused).toHaveLength(2));
  expect(one.standing.refused.map(({ what, refusal }) => [what, refusal])).toEqual([["label", "held"], ["box", "held"]]);
  expect(heard.map(({ what, state }) => [what, state])).toEqual([["label", "refused"], ["box", "refused"]]);
  const again = queue(shelf);
  await vi.waitFor(() => expect(again.standing.refused).toHaveLength(2));
  await again.dropRefused();
  expect([again.standing.refused, await shelf.inState("refused")]).toEqual([[], []]);
});

it("holds what one address does not take, and finds the event for which a whole batch is refused", async () => {
  const wrong = box();
  service((url, sent) => (url.includes("gone") ? 404 : sent.some(({ event }) => event === wrong.event) ? 422 : sent.map(({ event }) => ({ event, ...OK }))));
  const one = queue();
  await one.give([box({ field: "gone" }), box(), wrong, box(), label()]);
  await vi.waitFor(() => expect([one.standing.waiting, one.standing.refused.map(({ event }) => event)]).toEqual([1, [wrong.event]]));
  expect(one.waitingOf("box", ({ field }) => field === "gone")).toBe(1);
});

it("sends few masks together, fewer where they are too large, and keeps none of them on the device", async () => {
  const shelf = memoryShelf();
  await shelf.put(Array.from({ length: 23 }, () => mask()));
  const asked = service((_, sent) => (sent.length > 6 ? 413 : sent.map(({ event }) => ({ event, ...OK }))));
  const one = queue(shelf);
  await vi.waitFor(() => expect([one.standing.known, one.standing.waiting]).toEqual([true, 0]));
  expect(asked.map(([url, { length }]) => [url, length])).toEqual([10, 5, 5, 10, 5, 5, 3].map((count) => ["/api/masks", count]));
  expect([await one.ofKind("p1", "mask"), one.standing.refused]).toEqual([[], []]);
});

it("keeps everything where nobody is signed in any more, and has the page ask who we are", async () => {
  const asked: Event[] = [];
  window.addEventListener("buffycoat:signed-out", (event) => asked.push(event), { once: true });
  service(() => 401, { now: null });
  const one = queue();
  await one.give([label()]);
  await vi.waitFor(() => expect(one.standing.problem?.status).toBe(401));
  expect([one.standing.problem?.code, one.standing.waiting, asked.length]).toEqual(["no", 1, 1]);
});

it("sends nothing of one person in another's name", async () => {
  const who: { now: string | null } = { now: "p2" };
  const asked = service(undefined, who);
  const one = queue();
  await one.give([label(), box()]);
  await vi.waitFor(() => expect(one.standing.problem?.code).toBe("other-person"));
  expect([one.standing.waiting, asked]).toEqual([2, []]);
  who.now = "p1";
  one.wake();
  await emptied(one);
  // Another tab signs somebody else in meanwhile: that is looked up again.
  who.now = "p2";
  window.dispatchEvent(new Event("storage"));
  await one.give([label()]);
  await vi.waitFor(() => expect(one.standing.problem?.code).toBe("other-person"));
  expect([one.standing.waiting, asked.length]).toEqual([1, 2]);
});

it("forgets what is old, and never what waits or was refused", async () => {
  const shelf = memoryShelf();
  const kept = Array.from({ length: 4_010 }, () => label({ state: "kept" }));
  await shelf.put([...kept, label(), label({ state: "refused" })]);
  const found = await queue(shelf, undefined).ofKind("p1", "label");
  expect([found.length, found[0]?.event]).toEqual([4_002, kept[10]?.event]);
  expect((await shelf.ofKind("p1", "label")).map(({ event }) => event)).toEqual(found.map(({ event }) => event));
});

it("keeps what a full disk does not take in the page, and tells of it", async () => {
  const shelf = memoryShelf();
  shelf.put = () => Promise.reject(new DOMException("full", "QuotaExceededError"));
  service(() => new TypeError("no network"));
  const one = queue(shelf);
  const mine = box();
  await one.give([mine]);
  expect([one.standing.lasting, (await one.ofKind("p1", "box")).map(({ event }) => event)]).toEqual([false, [mine.event]]);
  service();
  one.wake();
  await emptied(one);
});

it("writes all kinds to one file and reads them back; a file of before holds answers", () => {
  const all: Queued[] = [answer({ state: "refused", refusal: "closed" }), label(), box({ act: "move", place: [1, 2, 30, 40] }), box({ act: "type", term: "monocyte" }), decision({ reason: "round" }), mask(), mask({ threshold: 90, nucleus: [0, 9], failure: null })];
  const text = written(all, newMoment());
  expect(readEvents(text)).toEqual(all.map((each) => ({ ...each, state: "waiting", refusal: "" })));
  const file = JSON.parse(text) as { version: number; events: Record<string, unknown>[] };
  const { what: _, ...before } = file.events[0] ?? {};
  expect(readEvents(JSON.stringify({ ...file, version: 1, events: [before] }))?.[0]).toMatchObject({ what: "answer", item: "i1" });
  const broken = [{ what: "nothing" }, { what: "toString" }, { to: { at: "x" } }, { place: [1, 2, 3] }, { act: "burn" }, { cell: "" }, { cell_mask: [1, -1] }, { failure: "tired" }];
  for (const over of broken) {
    const events = file.events.map((each) => ({ ...each, ...over }));
    expect(readEvents(JSON.stringify({ ...file, events }))).toBeUndefined();
  }
  expect(readEvents(text.replace('"event"', '"x": {"__proto__": 1}, "event"'))).toHaveLength(7);
});

it("reads what Locate kept by itself, and nothing else", () => {
  const kept = { event: newId(), box: "c1", act: "move", given_at: newMoment(), place: [1, 2, 3, 4], term: null };
  localStorage.setItem("buffycoat.person", JSON.stringify({ id: "p1", handle: "edna" }));
  expect(oldBox(JSON.stringify({ person: "p1", field: "f1", given: kept }))).toEqual({ what: "box", ...WHO, field: "f1", ...kept, state: "waiting", refusal: "" });
  expect(oldBox(JSON.stringify({ person: "0123456789abcdef", field: "f1", given: kept }))).toMatchObject({ handle: "01234567" });
  expect([null, "", "{}", JSON.stringify({ person: "p1", field: "f1", given: { ...kept, event: 1 } })].map(oldBox)).toEqual([undefined, undefined, undefined, undefined]);
});

it("reads what an adjudicator's page kept by itself, and nothing else", () => {
  const kept = { event: newId(), item: "d1", term: null, reason: "", given_at: newMoment(), seconds: 2 };
  localStorage.setItem("buffycoat.person", JSON.stringify({ id: "p1", handle: "edna" }));
  expect(oldDecisions("p1.r2", JSON.stringify([kept]))).toEqual([{ what: "decision", ...WHO, round: "r2", ...kept, state: "waiting", refusal: "" }]);
  expect([null, "", "{}", "[{}]", JSON.stringify([kept, { ...kept, event: 1 }])].map((text) => oldDecisions("p1.r2", text))).toEqual([[], [], [], [], []]);
});
