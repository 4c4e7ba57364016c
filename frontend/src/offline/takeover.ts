/**
 * What earlier versions of the studio left unsent in places of their own: labels of the gallery and masks in databases of
 * their own, boxes and decisions in the browser's storage. It is put to the other events, and only then taken away from where it lay.
 */
import type { DecisionGiven } from "../api/adjudication";
import { decisionEvent } from "../rooms/adjudicate/events";
import type { Place } from "../rooms/cells/sorting/events";
import { boxEvent, type BoxGiven } from "../rooms/locate/boxes";
import type { MaskGiven } from "../rooms/masks/api";
import { maskEvent } from "../rooms/masks/events";
import { done } from "./database";
import type { Queued } from "./kinds";
import type { Shelf } from "./shelf";

const GALLERY = "buffycoat-gallery";
const LABELS = "labels";
const MASKS = "buffycoat-masks";
const UNSENT = "unsent";
const BOX = "buffycoat.box.";
const DECISIONS = "buffycoat.decisions.";

/** A label as the gallery kept it by itself. */
interface OldLabel {
  event: string;
  person: string;
  handle: string;
  from: Place;
  to: Place;
}

/** A box event as Locate kept it by itself. */
interface OldBox {
  person: string;
  field: string;
  given: BoxGiven;
}

/** A mask as the masks screen kept it by itself. */
interface OldMask {
  person: string;
  given: MaskGiven;
}

/** What cannot be taken over now stays where it is, and is found when the page is opened again. */
export async function takeOver(shelf: Shelf): Promise<void> {
  await Promise.allSettled([takeTexts(shelf, BOX, (_, text) => one(oldBox(text))), takeTexts(shelf, DECISIONS, oldDecisions), takeLabels(shelf), takeMasks(shelf)]);
}

/** Put what is not there yet: what was taken over before may have been sent meanwhile. */
async function putNew(shelf: Shelf, events: readonly Queued[]): Promise<void> {
  const known = new Set(await shelf.known(events.map(({ event }) => event)));
  const fresh = events.filter(({ event }) => !known.has(event));
  if (fresh.length > 0) await shelf.put(fresh);
}

const takeLabels = (shelf: Shelf): Promise<void> =>
  takeDatabase<OldLabel>(shelf, { name: GALLERY, store: LABELS, read: (each) => ({ ...each, what: "label" }) as Queued });

const takeMasks = (shelf: Shelf): Promise<void> =>
  takeDatabase<OldMask>(shelf, { name: MASKS, store: UNSENT, read: ({ person, given }) => maskEvent(given, { person, handle: handleOf(person) }) });

/** All of a database of an earlier version, which is deleted once its events lie here. */
async function takeDatabase<T>(shelf: Shelf, { name: wanted, store, read }: { name: string; store: string; read: (each: T) => Queued }): Promise<void> {
  const all = await indexedDB.databases?.();
  if (all && !all.some(({ name }) => name === wanted)) return;
  const database = await done(indexedDB.open(wanted));
  try {
    if (database.objectStoreNames.contains(store)) {
      const lying = (await done(database.transaction(store, "readonly").objectStore(store).getAll())) as T[];
      await putNew(shelf, lying.map(read));
    }
  } finally {
    database.close();
  }
  // Not waited for: a tab with an earlier version may hold it for a while.
  indexedDB.deleteDatabase(wanted);
}

const one = (event: Queued | undefined): Queued[] => (event ? [event] : []);

/** What lies in the browser's storage under names that begin alike; what cannot be read stays where it is. */
async function takeTexts(shelf: Shelf, begin: string, read: (name: string, text: string | null) => Queued[]): Promise<void> {
  const keys = Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index) ?? "").filter((key) => key.startsWith(begin));
  const found = new Map(keys.map((key) => [key, read(key.slice(begin.length), localStorage.getItem(key))]));
  const events = [...found.values()].flat();
  if (events.length === 0) return;
  await putNew(shelf, events);
  for (const [key, taken] of found) if (taken.length > 0) localStorage.removeItem(key);
}

/** Decisions lay together, under the id of their person and of their round. */
export function oldDecisions(name: string, text: string | null): Queued[] {
  const [person = "", round = ""] = name.split(".");
  try {
    const all = JSON.parse(text ?? "") as DecisionGiven[];
    const whole = all.every(({ event, item, given_at }) => [event, item, given_at].every((each) => typeof each === "string"));
    return whole ? all.map((each) => decisionEvent(each, { person, round, handle: handleOf(person) })) : [];
  } catch {
    return [];
  }
}

/** An event of Locate; what cannot be read as one is none, and stays where it is. */
export function oldBox(text: string | null): Queued | undefined {
  try {
    const { person, field, given } = JSON.parse(text ?? "") as OldBox;
    return [person, field, given.event, given.given_at].every((each) => typeof each === "string") ? boxEvent(given, { person, handle: handleOf(person), field }) : undefined;
  } catch {
    return undefined;
  }
}

/** Both lay without a name: it is known of who was here last, of others only the beginning of their id. */
function handleOf(person: string): string {
  const last = JSON.parse(localStorage.getItem("buffycoat.person") ?? "null") as { id?: string; handle?: string } | null;
  return last?.id === person && last.handle !== undefined ? last.handle : person.slice(0, 8);
}
