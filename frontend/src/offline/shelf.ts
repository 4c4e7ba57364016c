/** Where events lie on this device: IndexedDB, or memory where the browser gives none. */
import type { LabelEvent } from "./events";

export interface Shelf {
  /** Whether events outlive the page. */
  lasting: boolean;
  put: (events: readonly LabelEvent[]) => Promise<void>;
  /** All events of one person in one round, in the order in which they were given. */
  ofRound: (person: string, round: string) => Promise<LabelEvent[]>;
  /** All events that wait to be sent, whoever gave them, in order. */
  waiting: () => Promise<LabelEvent[]>;
  remove: (events: readonly string[]) => Promise<void>;
}

const NAME = "buffycoat";
const STORE = "label-events";

const inOrder = (events: LabelEvent[]): LabelEvent[] =>
  events.sort((a, b) => Date.parse(a.given_at) - Date.parse(b.given_at) || (a.event < b.event ? -1 : 1));

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB refused"));
  });

function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    const store = request.result.createObjectStore(STORE, { keyPath: "event" });
    store.createIndex("of-round", ["person", "round"]);
    store.createIndex("state", "state");
  };
  return done(request);
}

function lastingShelf(database: IDBDatabase): Shelf {
  const write = (act: (store: IDBObjectStore) => void): Promise<void> =>
    new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, "readwrite");
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error("IndexedDB refused"));
      act(transaction.objectStore(STORE));
    });
  const read = async (index: string, key: IDBValidKey): Promise<LabelEvent[]> => {
    const store = database.transaction(STORE, "readonly").objectStore(STORE);
    return inOrder((await done(store.index(index).getAll(key))) as LabelEvent[]);
  };
  return {
    lasting: true,
    put: (events) => write((store) => events.forEach((each) => store.put(each))),
    ofRound: (person, round) => read("of-round", [person, round]),
    waiting: () => read("state", "waiting"),
    remove: (events) => write((store) => events.forEach((each) => store.delete(each))),
  };
}

export function memoryShelf(): Shelf {
  const kept = new Map<string, LabelEvent>();
  const those = (test: (each: LabelEvent) => boolean) => Promise.resolve(inOrder([...kept.values()].filter(test)));
  return {
    lasting: false,
    put: async (events) => events.forEach((each) => kept.set(each.event, each)),
    ofRound: (person, round) => those((each) => each.person === person && each.round === round),
    waiting: () => those((each) => each.state === "waiting"),
    remove: async (events) => events.forEach((each) => kept.delete(each)),
  };
}

/** The device's shelf. Some private windows refuse a database: then events live as long as the page, and the page says so. */
export async function openShelf(): Promise<Shelf> {
  if (typeof indexedDB === "undefined") return memoryShelf();
  try {
    const database = await opened();
    // A later version of the front end in another tab must not wait for this one.
    database.onversionchange = () => database.close();
    return lastingShelf(database);
  } catch {
    return memoryShelf();
  }
}
