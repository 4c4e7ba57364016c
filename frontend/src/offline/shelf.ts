/** Where events lie on this device: IndexedDB, or memory where the browser gives none. */
import { done } from "./database";
import { inOrder, type LabelEvent } from "./events";
import { are, type Of, type Queued, type What } from "./kinds";
import { takeOver } from "./takeover";

export interface Shelf {
  /** Whether events outlive the page. */
  lasting: boolean;
  put: (events: readonly Queued[]) => Promise<void>;
  /** All answers of one person in one round, in the order in which they were given. */
  ofRound: (person: string, round: string) => Promise<LabelEvent[]>;
  /** All events of one kind of one person, in order. */
  ofKind: <W extends What>(person: string, what: W) => Promise<Of<W>[]>;
  /** All events that wait to be sent, or that were refused, whoever gave them, in order. */
  inState: (state: "waiting" | "refused") => Promise<Queued[]>;
  remove: (events: readonly string[]) => Promise<void>;
  /** Those of some events that lie here already. */
  known: (events: readonly string[]) => Promise<string[]>;
}

const NAME = "buffycoat";
const STORE = "events";
const VERSION = 2;
/** The store of version 1: answers only, which did not say so. */
const ANSWERS = "label-events";

function upgrade({ result: database, transaction }: IDBOpenDBRequest): void {
  const names = database.objectStoreNames;
  if (names.contains(STORE) || !transaction) return;
  const before = names.contains(ANSWERS) ? transaction.objectStore(ANSWERS) : undefined;
  const store = before ?? database.createObjectStore(STORE, { keyPath: "event" });
  if (before) {
    before.name = STORE;
    before.openCursor().onsuccess = ({ target }) => {
      const { result: cursor } = target as IDBRequest<IDBCursorWithValue | null>;
      if (!cursor) return;
      cursor.update({ what: "answer", ...(cursor.value as object) });
      cursor.continue();
    };
  } else {
    store.createIndex("of-round", ["person", "round"]);
    store.createIndex("state", "state");
  }
  store.createIndex("of-kind", ["person", "what"]);
}

function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, VERSION);
  request.onupgradeneeded = () => upgrade(request);
  return done(request);
}

function lastingShelf(database: IDBDatabase): Shelf {
  // What waits must outlive a power cut: only then is it told to be kept. What the service has needs no such care.
  const write = (act: (store: IDBObjectStore) => void, durability: IDBTransactionDurability = "relaxed"): Promise<void> =>
    new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, "readwrite", { durability });
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error("IndexedDB refused"));
      act(transaction.objectStore(STORE));
      // Nothing more comes: it is done with even where the page is closed in this moment.
      transaction.commit();
    });
  const read = async (index: string, key: IDBValidKey): Promise<Queued[]> => {
    const store = database.transaction(STORE, "readonly").objectStore(STORE);
    return inOrder((await done(store.index(index).getAll(key))) as Queued[]);
  };
  return {
    lasting: true,
    put: (events) =>
      write((store) => events.forEach((each) => store.put(each)), events.some(({ state }) => state === "waiting") ? "strict" : "relaxed"),
    ofRound: async (person, round) => are(await read("of-round", [person, round]), "answer"),
    ofKind: async (person, what) => are(await read("of-kind", [person, what]), what),
    inState: (state) => read("state", state),
    remove: (events) => write((store) => events.forEach((each) => store.delete(each))),
    known: async (events) => {
      const store = database.transaction(STORE, "readonly").objectStore(STORE);
      const keys = await Promise.all(events.map((each) => done(store.getKey(each))));
      return keys.filter((each): each is string => typeof each === "string");
    },
  };
}

export function memoryShelf(): Shelf {
  const kept = new Map<string, Queued>();
  const those = (test: (each: Queued) => boolean) => Promise.resolve(inOrder([...kept.values()].filter(test)));
  return {
    lasting: false,
    put: async (events) => events.forEach((each) => kept.set(each.event, each)),
    ofRound: async (person, round) => are(await those((each) => each.person === person), "answer").filter((each) => each.round === round),
    ofKind: async (person, what) => are(await those((each) => each.person === person), what),
    inState: (state) => those((each) => each.state === state),
    remove: async (events) => events.forEach((each) => kept.delete(each)),
    known: async (events) => events.filter((each) => kept.has(each)),
  };
}

/** The device's shelf. Some private windows refuse a database: then events live as long as the page, and the page says so. */
export async function openShelf(): Promise<Shelf> {
  if (typeof indexedDB === "undefined") return memoryShelf();
  try {
    const database = await opened();
    // A later version of the front end in another tab must not wait for this one.
    database.onversionchange = () => database.close();
    const shelf = lastingShelf(database);
    await takeOver(shelf);
    return shelf;
  } catch {
    return memoryShelf();
  }
}
