/** Where photographs lie on this device until the service has them: a database of the browser, or memory where it gives none. */
import { done } from "../database";
import { type Photograph } from "./photograph";
import type { Bytes } from "./strip/bytes";

export interface PhotoShelf {
  /** Whether photographs outlive the page. */
  lasting: boolean;
  /** Keep a photograph with its bytes. */
  keep: (photograph: Photograph, bytes: Bytes) => Promise<void>;
  /** What is known of one that lies here; nothing where it was taken away meanwhile. */
  change: (client: string, now: Partial<Photograph>) => Promise<Photograph | undefined>;
  all: () => Promise<Photograph[]>;
  one: (client: string) => Promise<Photograph | undefined>;
  bytes: (client: string) => Promise<Bytes | undefined>;
  /** Let go of the bytes: the service has them. */
  empty: (client: string) => Promise<void>;
  remove: (clients: readonly string[]) => Promise<void>;
}

export const NAME = "buffycoat-photographs";
const RECORDS = "photographs";
const CONTENTS = "contents";

async function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(RECORDS, { keyPath: "client" });
    request.result.createObjectStore(CONTENTS);
  };
  return done(request);
}

function lastingShelf(database: IDBDatabase): PhotoShelf {
  // What waits must outlive a power cut: only then is it told to be kept.
  const write = (act: (records: IDBObjectStore, contents: IDBObjectStore) => void): Promise<void> =>
    new Promise((resolve, reject) => {
      const transaction = database.transaction([RECORDS, CONTENTS], "readwrite", { durability: "strict" });
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error("IndexedDB refused"));
      act(transaction.objectStore(RECORDS), transaction.objectStore(CONTENTS));
    });
  const read = <T>(store: string, key: string): Promise<T | undefined> =>
    done(database.transaction(store, "readonly").objectStore(store).get(key)) as Promise<T | undefined>;
  return {
    lasting: true,
    keep: (photograph, bytes) =>
      write((records, contents) => {
        records.put(photograph);
        contents.put(bytes, photograph.client);
      }),
    change: async (client, now) => {
      let changed: Photograph | undefined;
      await write((records) => {
        // Read and written in one transaction: another tab may have taken it away.
        const asked = records.get(client) as IDBRequest<Photograph | undefined>;
        asked.onsuccess = () => {
          if (!asked.result) return;
          changed = { ...asked.result, ...now };
          records.put(changed);
        };
      });
      return changed;
    },
    all: () => done(database.transaction(RECORDS, "readonly").objectStore(RECORDS).getAll()) as Promise<Photograph[]>,
    one: (client) => read<Photograph>(RECORDS, client),
    bytes: (client) => read<Bytes>(CONTENTS, client),
    empty: (client) => write((_, contents) => contents.delete(client)),
    remove: (clients) =>
      write((records, contents) => {
        for (const each of clients) {
          records.delete(each);
          contents.delete(each);
        }
      }),
  };
}

export function memoryShelf(): PhotoShelf {
  const records = new Map<string, Photograph>();
  const contents = new Map<string, Bytes>();
  return {
    lasting: false,
    keep: async (photograph, bytes) => {
      records.set(photograph.client, photograph);
      contents.set(photograph.client, bytes);
    },
    change: async (client, now) => {
      const before = records.get(client);
      if (!before) return undefined;
      records.set(client, { ...before, ...now });
      return records.get(client);
    },
    all: async () => [...records.values()],
    one: async (client) => records.get(client),
    bytes: async (client) => contents.get(client),
    empty: async (client) => void contents.delete(client),
    remove: async (clients) => {
      for (const each of clients) {
        records.delete(each);
        contents.delete(each);
      }
    },
  };
}

/**
 * A shelf that goes on in memory for what the first one did not take: a full disk keeps nobody from photographing, and
 * the page says that these photographs live as long as it does.
 */
export function withRoom(first: PhotoShelf, onFull: () => void): PhotoShelf {
  const rest = memoryShelf();
  const where = async (client: string): Promise<PhotoShelf> => ((await rest.one(client)) ? rest : first);
  return {
    lasting: first.lasting,
    keep: async (photograph, bytes) => {
      try {
        await first.keep(photograph, bytes);
      } catch {
        onFull();
        await rest.keep(photograph, bytes);
      }
    },
    change: async (client, now) => (await where(client)).change(client, now),
    all: async () => [...(await first.all()), ...(await rest.all())],
    one: async (client) => (await where(client)).one(client),
    bytes: async (client) => (await where(client)).bytes(client),
    empty: async (client) => (await where(client)).empty(client),
    remove: async (clients) => {
      await rest.remove(clients);
      await first.remove(clients);
    },
  };
}

/** The device's shelf; memory in a private window that refuses a database. */
export async function openShelf(): Promise<PhotoShelf> {
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
