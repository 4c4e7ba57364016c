import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { Photograph } from "./photograph";
import { Sender, type Shot } from "./sender";
import { FakeService } from "./service.testing";
import { memoryShelf, type PhotoShelf } from "./shelf";
import type { Stripped } from "./strip/strip";
import { NO_BYTES } from "./trouble";

const EDNA = { id: "p1", handle: "edna" };
const EMIL = { id: "p2", handle: "emil" };
const SHOT: Shot = { smear: { code: "S-1", id: "smear-1" }, preset: "k1", counting: "yes", taken: "2026-11-23", small: null };
/** There are real pauses before another try; a busy machine makes them long. */
const PATIENCE_MS = 50_000;
vi.setConfig({ testTimeout: PATIENCE_MS + 10_000 });
const FIELD_COUNTING = "/api/captures/fields/field-1/counting";
let service: FakeService;

const picture = (number: number, size = 5_000): Stripped => ({ bytes: new Uint8Array(size).fill(number), type: "image/jpeg", ending: "jpg", camera: {} });

beforeEach(() => {
  service = new FakeService();
  vi.stubGlobal("fetch", service.fetch);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function page(shelf: PhotoShelf, person: string | undefined = EDNA.id): Sender {
  const sender = new Sender(Promise.resolve(shelf));
  sender.signIn(person);
  return sender;
}
const states = ({ standing }: Sender) => standing.all.map(({ state }) => state);
const clients = () => [...service.uploads.values()].filter(({ state }) => state === "arrived").map(({ about }) => about["client"]);
const until = (test: () => boolean) => vi.waitFor(() => expect(test()).toBe(true), { timeout: PATIENCE_MS, interval: 5 });

test("photographs lie here first, go two at a time, and let go of their bytes once they have arrived", async () => {
  const shelf = memoryShelf();
  const sender = page(shelf);
  const given = await Promise.all([1, 2, 3, 4].map((each) => sender.give(EDNA, picture(each), SHOT)));
  await until(() => states(sender).every((state) => state === "arrived"));
  expect([...clients()].sort()).toEqual(given.map(({ client }) => client).sort());
  expect(service.most).toBeLessThanOrEqual(2);
  const first = sender.standing.all[0] as Photograph;
  expect(first).toMatchObject({ field: "field-1", white_cells: 3, repeat: false, name: expect.stringMatching(/^S-1-\d{17}\.jpg$/) as string });
  expect(await shelf.bytes(first.client)).toBeUndefined();
  expect(service.uploads.values().next().value?.about).toMatchObject({ smear: "smear-1", preset: "k1", counting: "yes", taken: "2026-11-23" });
  expect(sender.standing).toMatchObject({ waiting: 0, problem: undefined, oldest: undefined });
});

test("without a link they wait, also over a reload, and each arrives once", async () => {
  const shelf = memoryShelf();
  service.down = true;
  const before = page(shelf);
  await before.give(EDNA, picture(1), SHOT);
  await before.give(EDNA, picture(2), SHOT);
  await until(() => before.standing.problem !== undefined);
  expect(before.standing).toMatchObject({ waiting: 2, problem: { code: "offline" } });
  service.down = false;
  const after = page(shelf);
  await until(() => after.standing.known && states(after).every((state) => state === "arrived"));
  before.wake();
  await until(() => before.standing.waiting === 0);
  expect(clients()).toHaveLength(2);
});

test("a smear that has no id yet is asked for by its code", async () => {
  const sender = page(memoryShelf());
  await sender.give(EDNA, picture(1), { ...SHOT, smear: { code: "S-9", site: "ward" } });
  await until(() => states(sender)[0] === "arrived");
  expect(service.smears).toEqual([{ code: "S-9", site: "ward" }]);
});

test("another person's photographs are neither shown nor sent, and are told of by their handle", async () => {
  const shelf = memoryShelf();
  service.down = true;
  const hers = page(shelf);
  await hers.give(EDNA, picture(1), SHOT);
  service.down = false;
  service.person = EMIL.id;
  hers.signIn(undefined);
  const his = page(shelf, EMIL.id);
  await until(() => his.standing.known);
  await his.give(EMIL, picture(2), SHOT);
  await until(() => states(his)[0] === "arrived");
  expect(his.standing).toMatchObject({ all: [{ handle: "emil" }], waiting: 0, others: ["edna"] });
  expect(clients()).toHaveLength(1);
  service.person = EDNA.id;
  his.signIn(EDNA.id);
  await until(() => states(his).every((state) => state === "arrived"));
  expect(clients()).toHaveLength(2);
});

test("nothing goes out while somebody else is signed in in this browser than the page knows", async () => {
  service.person = EMIL.id;
  const sender = page(memoryShelf());
  await sender.give(EDNA, picture(1), SHOT);
  await until(() => sender.standing.problem?.code === "other-person");
  expect(service.uploads.size).toBe(0);
});

test("what the service refuses stays with the reason, and the others go", async () => {
  const sender = page(memoryShelf());
  service.troubles = [{ method: "POST", code: "unreadable-image", status: 422 }];
  await sender.give(EDNA, picture(1), SHOT);
  await sender.give(EDNA, picture(2), SHOT);
  await until(() => sender.standing.waiting === 0);
  expect([...states(sender)].sort()).toEqual(["arrived", "refused"]);
  const refused = sender.standing.all.find(({ state }) => state === "refused") as Photograph;
  expect(refused).toMatchObject({ refusal: "unreadable-image", detail: "unreadable-image happened" });
  expect((await sender.files()).map(({ name }) => name)).toEqual([refused.name]);
  await sender.remove(refused.client);
  expect(states(sender)).toEqual(["arrived"]);
});

test("the same bytes twice are a repeat", async () => {
  const sender = page(memoryShelf());
  await sender.give(EDNA, picture(1), SHOT);
  await until(() => states(sender)[0] === "arrived");
  await sender.give(EDNA, picture(1), SHOT);
  await until(() => sender.standing.waiting === 0);
  expect(sender.standing.all.map(({ repeat }) => repeat)).toEqual([false, true]);
});

test("one that is taken away while it waits never goes", async () => {
  service.down = true;
  const shelf = memoryShelf();
  const sender = page(shelf);
  const { client } = await sender.give(EDNA, picture(1), SHOT);
  await sender.say(client, "no");
  expect(sender.standing.all[0]?.counting).toBe("no");
  await sender.remove(client);
  service.down = false;
  sender.wake();
  expect(await shelf.all()).toEqual([]);
  expect(sender.standing.waiting).toBe(0);
  expect(service.uploads.size).toBe(0);
});

test("a device without room keeps it in the page, says so, and sends it all the same", async () => {
  const full = { ...memoryShelf(), lasting: true, keep: () => Promise.reject(new DOMException("full", "QuotaExceededError")) };
  service.down = true;
  const sender = page(full);
  await sender.give(EDNA, picture(1), SHOT);
  expect(sender.standing).toMatchObject({ full: true, waiting: 1, lasting: true });
  expect(await sender.files()).toHaveLength(1);
  service.down = false;
  sender.wake();
  await until(() => states(sender)[0] === "arrived");
});

const isPiece = (method: string) => method === "PATCH";
/** Do something once, while the first request of a kind is on its way. */
function during(fits: (method: string, url: string) => boolean, act: () => Promise<void>): void {
  let done = false;
  service.meanwhile = async (method, url) => {
    if (done || !fits(method, url)) return;
    done = true;
    await act();
  };
}

test("what is said of the counting area while a part is there goes with the next try", async () => {
  const sender = page(memoryShelf());
  during(isPiece, () => sender.say(sender.standing.all[0]?.client ?? "", "no"));
  service.troubles = [{ method: "PATCH", cut: "before" }];
  await sender.give(EDNA, picture(1), SHOT);
  await until(() => states(sender)[0] === "arrived");
  expect(service.arrived()[0]?.about["counting"]).toBe("no");
  expect(sender.standing.all[0]?.counting).toBe("no");
});

test("what is said of it during the last piece is told of the field", async () => {
  const sender = page(memoryShelf());
  during(isPiece, () => sender.say(sender.standing.all[0]?.client ?? "", "no"));
  await sender.give(EDNA, picture(1), SHOT);
  await until(() => states(sender)[0] === "arrived");
  expect(service.counting).toEqual([{ url: FIELD_COUNTING, in_counting_area: "no" }]);
  expect(sender.standing.all[0]?.counting).toBe("no");
});

test("a word that the service takes no more is taken back, and the photograph has arrived", async () => {
  const sender = page(memoryShelf());
  during(isPiece, () => sender.say(sender.standing.all[0]?.client ?? "", "no"));
  service.troubles = [{ method: "POST", url: FIELD_COUNTING, code: "conflict", status: 409 }];
  await sender.give(EDNA, picture(1), SHOT);
  await until(() => states(sender)[0] === "arrived");
  expect(sender.standing.all[0]?.counting).toBe("yes");
});

test("a word for which the link is gone is told once there is one", async () => {
  const sender = page(memoryShelf());
  during(isPiece, () => sender.say(sender.standing.all[0]?.client ?? "", "no"));
  service.troubles = [{ method: "POST", url: FIELD_COUNTING, cut: "before" }];
  await sender.give(EDNA, picture(1), SHOT);
  await until(() => sender.standing.problem !== undefined);
  expect(states(sender)).toEqual(["waiting"]);
  sender.wake();
  await until(() => states(sender)[0] === "arrived");
  expect(service.counting).toHaveLength(1);
});

test("a device that cannot note the arrival keeps the bytes, and the next page finds it there", async () => {
  const shelf = memoryShelf();
  const full = { ...shelf, lasting: true, change: () => Promise.reject(new DOMException("full", "QuotaExceededError")) };
  const before = page(full);
  const { client } = await before.give(EDNA, picture(1), SHOT);
  await until(() => states(before)[0] === "arrived");
  await until(() => before.standing.sending.size === 0);
  expect((await shelf.one(client))?.state).toBe("waiting");
  expect(await shelf.bytes(client)).toEqual(picture(1).bytes);
  const after = page(shelf);
  await until(() => states(after)[0] === "arrived");
  expect(clients()).toEqual([client]);
  await until(() => after.standing.sending.size === 0);
  expect(await shelf.bytes(client)).toBeUndefined();
});

test("one without its bytes is told of, and keeps nothing else from going", async () => {
  const shelf = memoryShelf();
  service.down = true;
  const before = page(shelf);
  const { client } = await before.give(EDNA, picture(1), SHOT);
  await before.give(EDNA, picture(2), SHOT);
  before.signIn(undefined);
  await shelf.empty(client);
  service.down = false;
  const after = page(shelf);
  await until(() => after.standing.known && after.standing.waiting === 0);
  expect(after.standing.all.map(({ state, refusal }) => [state, refusal]).sort()).toEqual([["arrived", ""], ["refused", NO_BYTES]]);
  expect((await shelf.one(client))?.state).toBe("refused");
});

test("photographs over which the service stumbles rest for longer and longer, and the others go", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  /** Let so much time go by in each turn until something holds; what is computed elsewhere has its turns, too. */
  const passing = async (milliseconds: number, test: () => boolean) => {
    while (!test()) {
      await vi.advanceTimersByTimeAsync(milliseconds);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  service.stumblesOver = "odd";
  const sender = page(memoryShelf());
  const odd = await Promise.all([1, 2].map((each) => sender.give(EDNA, picture(each), { ...SHOT, preset: "odd" })));
  await passing(0, () => sender.standing.problem?.status === 500);
  await sender.give(EDNA, picture(3), SHOT);
  await passing(0, () => sender.standing.waiting === 2 && sender.standing.sending.size === 0);
  expect(clients()).toHaveLength(1);
  expect(sender.standing).toMatchObject({ refused: 0, problem: { status: 500 } });
  // One that is given meanwhile brings no other try of these.
  const tries = () => odd.map(({ client }) => service.stumbled.get(client) ?? []);
  expect(tries().map(({ length }) => length)).toEqual([1, 1]);
  await passing(250, () => tries().every(({ length }) => length >= 4));
  for (const times of tries()) {
    const pauses = times.slice(1, 4).map((time, index) => time - (times[index] ?? 0));
    [2_000, 4_000, 8_000].forEach((least, index) => expect(pauses[index]).toBeGreaterThanOrEqual(least));
  }
  service.stumblesOver = "";
  await passing(250, () => states(sender).every((state) => state === "arrived") && sender.standing.problem === undefined);
});

test("a shelf that cannot be read for once stops nothing for good", async () => {
  const shelf = memoryShelf();
  let fails = true;
  const odd = {
    ...shelf,
    one: (client: string) => {
      if (!fails) return shelf.one(client);
      fails = false;
      return Promise.reject(new DOMException("busy", "UnknownError"));
    },
  };
  const sender = page(odd);
  await sender.give(EDNA, picture(1), SHOT);
  await until(() => sender.standing.problem !== undefined);
  sender.wake();
  await until(() => states(sender)[0] === "arrived");
});
