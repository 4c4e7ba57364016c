/** A batch that was taken along: items of one person in one round, with their pictures, on this device. */
import type { Taxonomy } from "../api/client";
import { getJson } from "../api/client";
import { type Item, itemPicture, type ItemPage, itemsUrl, type RoundView, WINDOW } from "../api/rounds";
import { done } from "./database";

export interface Batch {
  /** Person and round. */
  key: string;
  person: string;
  handle: string;
  round: RoundView;
  taxonomy: Taxonomy;
  total: number;
  /** How many items had an answer when it was taken; none of these did. */
  answered: number;
  items: readonly Item[];
  taken_at: string;
  bytes: number;
  /** Whether the browser promises not to clear it when room runs short. */
  lasting: boolean;
}

export interface Wanted {
  person: { id: string; handle: string };
  round: RoundView;
  taxonomy: Taxonomy;
  /** How many items, from which place on. */
  count: number;
  from: number;
  /** Whether an item has an answer that the service may not have yet. */
  isAnswered: (item: Item) => boolean;
  side: number;
  signal: AbortSignal;
  onProgress: (done: number, of: number, bytes: number) => void;
}

/** There is no room for it: how many bytes the browser would still give, where it says so. */
export class NoRoom extends Error {
  constructor(readonly free: number | undefined) {
    super("no room");
  }
}

const NAME = "buffycoat-batches";
const STORE = "batches";
const PICTURES = "buffycoat-batch ";
const AT_ONCE = 6;
/** How often a picture is asked for before the batch is given up. */
const TRIES = 3;

const keyOf = (person: string, round: string): string => `${person} ${round}`;
const cacheOf = (key: string): string => PICTURES + key;

/** Only a secure context has a place for pictures: TLS, or this machine itself. */
export const canTake = (): boolean => typeof caches !== "undefined" && typeof indexedDB !== "undefined";

async function inStore<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "key" });
  const database = await done(opening);
  try {
    return await done(act(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

const watchers = new Set<() => void>();
const tell = () => watchers.forEach((watcher) => watcher());

export function onBatches(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** All batches of a person on this device; none where the browser keeps nothing. */
export async function batchesOf(person: string): Promise<Batch[]> {
  if (!canTake()) return [];
  try {
    const all = (await inStore("readonly", (store) => store.getAll())) as Batch[];
    return all.filter((each) => each.person === person).sort((a, b) => b.taken_at.localeCompare(a.taken_at));
  } catch {
    return [];
  }
}

export const batchOf = async (person: string, round: string): Promise<Batch | undefined> =>
  (await batchesOf(person)).find((each) => each.key === keyOf(person, round));

/** The items of one window that were taken along, each at its place. */
export function windowOf(batch: Batch, page: number): Item[] {
  const items: Item[] = [];
  for (const item of batch.items) if (Math.floor(item.place / WINDOW) === page) items[item.place % WINDOW] = item;
  return items;
}

/** A picture that was taken along, whatever size is asked for. */
export async function takenPicture(person: string, round: string, url: string): Promise<Blob | undefined> {
  const name = cacheOf(keyOf(person, round));
  if (!canTake() || !(await caches.has(name))) return undefined;
  return (await (await caches.open(name)).match(url, { ignoreSearch: true }))?.blob();
}

/** The next items without an answer, around the end to the beginning. */
async function choose({ round, count, from, isAnswered, signal }: Wanted): Promise<{ items: Item[]; first: ItemPage }> {
  const start = Math.floor(from / WINDOW);
  const ask = (page: number) => getJson<ItemPage>(itemsUrl(round.id, page), signal);
  const first = await ask(start);
  const pages = Math.ceil(first.total / WINDOW);
  const ahead: Item[] = [];
  const behind: Item[] = [];
  for (let step = 0; step < pages && ahead.length < count; step += 1) {
    const { items } = step === 0 ? first : await ask((start + step) % pages);
    for (const item of items) if (!isAnswered(item)) (step === 0 && item.place < from ? behind : ahead).push(item);
  }
  return { items: [...ahead, ...behind].slice(0, count), first };
}

/** A picture; `undefined` where there is none, as of a photograph that never came. */
async function fetched(url: string, signal: AbortSignal): Promise<Blob | undefined> {
  for (let tries = 1; ; tries += 1) {
    try {
      const answer = await fetch(url, { signal });
      if (answer.ok) return await answer.blob();
      if (answer.status === 404) return undefined;
      throw new Error(`the picture came with ${answer.status}`);
    } catch (reason) {
      if (signal.aborted || tries === TRIES) throw reason;
    }
  }
}

const isFull = (reason: unknown): boolean => reason instanceof DOMException && reason.name === "QuotaExceededError";

async function free(): Promise<number | undefined> {
  const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
  return quota === undefined || usage === undefined ? undefined : Math.max(0, quota - usage);
}

/** Take items along; a batch that was taken of this round before is given back. Nothing is left of one that fails. */
export async function take(wanted: Wanted): Promise<Batch> {
  const { person, round, taxonomy, side, signal, onProgress } = wanted;
  const key = keyOf(person.id, round.id);
  const lasting = (await navigator.storage?.persist?.()) ?? false;
  const { items, first } = await choose(wanted);
  await giveBack(person.id, round.id);
  const cache = await caches.open(cacheOf(key));
  let [bytes, count] = [0, 0];
  const waiting = [...items];
  const without = new Set<Item>();
  const work = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      const url = itemPicture(round.id, item.item, side);
      const picture = await fetched(url, signal);
      if (picture) await cache.put(url, new Response(picture, { headers: { "Content-Type": picture.type } }));
      else without.add(item);
      bytes += picture?.size ?? 0;
      count += 1;
      onProgress(count, items.length, bytes);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const batch: Batch = {
      key,
      person: person.id,
      handle: person.handle,
      round,
      taxonomy,
      total: first.total,
      answered: first.answered,
      items: items.filter((item) => !without.has(item)),
      taken_at: new Date().toISOString(),
      bytes,
      lasting,
    };
    await inStore("readwrite", (store) => store.put(batch));
    tell();
    return batch;
  } catch (reason) {
    waiting.length = 0;
    await caches.delete(cacheOf(key));
    throw isFull(reason) ? new NoRoom(await free()) : reason;
  }
}

/** Clear a batch from this device; what was labeled in it stays with the other labels. */
export async function giveBack(person: string, round: string): Promise<void> {
  if (!canTake()) return;
  const key = keyOf(person, round);
  await caches.delete(cacheOf(key));
  await inStore("readwrite", (store) => store.delete(key)).catch(() => undefined);
  tell();
}

/** Clear what others took along: whoever uses this device now must not see it. Without a person, all is cleared. */
export async function clearAllBut(person: string | undefined): Promise<void> {
  if (!canTake()) return;
  const ours = (key: string) => person !== undefined && key.startsWith(`${person} `);
  for (const name of await caches.keys()) if (name.startsWith(PICTURES) && !ours(name.slice(PICTURES.length))) await caches.delete(name);
  try {
    const keys = (await inStore("readonly", (store) => store.getAllKeys())) as string[];
    for (const key of keys) if (!ours(key)) await inStore("readwrite", (store) => store.delete(key));
  } catch {
    // No database, no batches.
  }
  tell();
}
