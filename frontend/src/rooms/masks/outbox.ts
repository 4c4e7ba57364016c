/** Masks on their way to the service: an unsent copy lies in this browser until it has a receipt, and is tried again. */
import { getJson, problemOf, sendJson } from "../../api/client";
import type { Session } from "../../api/people";
import type { Receipt } from "../../api/rounds";
import { done } from "../../offline/database";
import { type MaskGiven, setsUrl } from "./api";

export interface Unsent {
  event: string;
  person: string;
  given: MaskGiven;
}

export interface Refused {
  cell: string;
  told: string;
}

export interface Standing {
  waiting: number;
  /** What the service did not take, until it is drawn again. */
  refused: readonly Refused[];
  /** Whether what waits outlives the page. */
  lasting: boolean;
  /** Why the last try failed, as a code. */
  problem: string | undefined;
}

const NAME = "buffycoat-masks";
const STORE = "unsent";
const BATCH = 10;
const LONGEST_WAIT_MS = 30_000;

async function opened(): Promise<IDBDatabase | undefined> {
  if (typeof indexedDB === "undefined") return undefined;
  try {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "event" });
    const database = await done(request);
    database.onversionchange = () => database.close();
    return database;
  } catch {
    return undefined;
  }
}

export class Outbox {
  standing: Standing = { waiting: 0, refused: [], lasting: true, problem: undefined };
  private readonly waiting = new Map<string, Unsent>();
  private readonly database = opened();
  private readonly watchers = new Set<() => void>();
  private person: string | undefined;
  private sending = false;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    void this.recall();
    window.addEventListener("online", () => this.wake());
    window.addEventListener("focus", () => this.wake());
  }

  subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** Only what this person drew is sent. */
  signIn(person: string): void {
    this.person = person;
    this.wake();
  }

  async give(unsent: Unsent): Promise<void> {
    this.waiting.set(unsent.event, unsent);
    this.tell({ refused: this.standing.refused.filter(({ cell }) => cell !== unsent.given.cell) });
    await this.write((store) => store.put(unsent));
    void this.send();
  }

  wake(): void {
    clearTimeout(this.timer);
    this.failures = 0;
    void this.send();
  }

  private async recall(): Promise<void> {
    const database = await this.database;
    this.tell({ lasting: database !== undefined });
    if (!database) return;
    const lying = (await done(database.transaction(STORE, "readonly").objectStore(STORE).getAll())) as Unsent[];
    for (const each of lying) this.waiting.set(each.event, each);
    this.tell({});
    void this.send();
  }

  private async write(act: (store: IDBObjectStore) => void): Promise<void> {
    const database = await this.database;
    if (!database) return;
    await new Promise<void>((resolve) => {
      const transaction = database.transaction(STORE, "readwrite", { durability: "strict" });
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => {
        // A full disk keeps nobody from drawing: the mask lives in this page until it is sent, and the page says so.
        this.tell({ lasting: false });
        resolve();
      };
      act(transaction.objectStore(STORE));
    });
  }

  private async send(): Promise<void> {
    if (this.sending || this.person === undefined) return;
    this.sending = true;
    try {
      for (let batch = this.mine().slice(0, BATCH); batch.length > 0; batch = this.mine().slice(0, BATCH)) {
        // Another tab may have signed somebody else in: nothing goes out in that name.
        const { person } = await getJson<Session>("/api/session");
        if (person?.id !== this.person) {
          this.tell({ problem: person ? "other-person" : "not-signed-in" });
          return;
        }
        await this.settle(await sendJson<Receipt[]>("POST", setsUrl, batch.map(({ given }) => given)));
      }
      this.failures = 0;
      this.tell({ problem: undefined });
    } catch (reason) {
      this.failures += 1;
      this.tell({ problem: problemOf(reason).code });
      const wait = Math.min(LONGEST_WAIT_MS, 1000 * 2 ** (this.failures - 1));
      this.timer = setTimeout(() => void this.send(), wait);
    } finally {
      this.sending = false;
    }
  }

  private async settle(receipts: readonly Receipt[]): Promise<void> {
    const refused = receipts.flatMap(({ event, state, code, detail }) => {
      const of = this.waiting.get(event);
      return state === "refused" && of ? [{ cell: of.given.cell, told: detail || code || "" }] : [];
    });
    for (const { event } of receipts) this.waiting.delete(event);
    this.tell({ refused: [...this.standing.refused, ...refused] });
    await this.write((store) => receipts.forEach(({ event }) => store.delete(event)));
  }

  private mine(): Unsent[] {
    return [...this.waiting.values()].filter(({ person }) => person === this.person);
  }

  private tell(news: Partial<Standing>): void {
    this.standing = { ...this.standing, ...news, waiting: this.waiting.size };
    for (const watcher of this.watchers) watcher();
  }
}

let one: Outbox | undefined;
/** The outbox of this page. */
export const theOutbox = (): Outbox => (one ??= new Outbox());
