/** Events on their way to the service: kept first, then sent in batches, tried again until each has a receipt. */
import { broken, Failure, getJson, type Problem, problemOf, sendJson } from "../api/client";
import type { Session } from "../api/people";
import type { Receipt } from "../api/rounds";
import { inOrder, type LabelEvent } from "./events";
import { readEvents, written } from "./file";
import { are, isPersonal, type Of, type Queued, rememberedOf, sentOf, togetherOf, urlOf, type What } from "./kinds";
import type { Shelf } from "./shelf";

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** For so long it is believed that the person who is signed in is still the same. */
const SURE_MS = 5_000;
const CHANNEL = "buffycoat.queue";

export interface Standing {
  /** Of the person who is signed in, of all kinds; what is still on its way to the disk, too. */
  waiting: number;
  /** Handles of others whose events wait on this device. */
  others: readonly string[];
  /** When the oldest of these was given. */
  oldest: string | undefined;
  /** Why the last try failed; `undefined` while all is well. */
  problem: Problem | undefined;
  /** Of the person who is signed in, what the service did not take. */
  refused: readonly Queued[];
  lasting: boolean;
  /** Whether what lies on the device has been looked through. */
  known: boolean;
}

const CALM: Standing = { waiting: 0, others: [], oldest: undefined, problem: undefined, refused: [], lasting: true, known: false };
/** Somebody else is signed in in this browser than this page knows. */
const OTHER_PERSON = new Failure({ type: "about:blank", title: "", status: 401, detail: "", code: "other-person", hint: "" });
/** What is worth another try without anybody doing anything. */
const passing = ({ status, code }: Problem): boolean => code === "offline" || code === "broken" || status >= 500 || status === 408 || status === 429;

export class Queue {
  standing: Standing = CALM;
  private readonly waiting = new Map<string, Queued>();
  /** On their way to the disk: not sent yet, and not safe from a reload. */
  private readonly keeping = new Map<string, Queued>();
  private readonly refused = new Map<string, Queued>();
  private readonly ready: Promise<void>;
  private person: string | undefined;
  private sending = false;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sureAt = 0;
  /** Addresses that take nothing of this person now: what waits for them keeps nothing else waiting. */
  private readonly held = new Set<string>();
  private readonly watchers = new Set<() => void>();
  private readonly tabs = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel(CHANNEL);
  private readonly heard = new Set<(events: readonly Queued[]) => void>();

  constructor(private readonly shelf: Promise<Shelf>) {
    this.ready = this.recall();
    const wake = () => this.wake();
    window.addEventListener("online", wake);
    window.addEventListener("focus", wake);
    document.addEventListener("visibilitychange", wake);
    // Another tab has signed somebody in or out, it may be.
    window.addEventListener("storage", () => (this.sureAt = 0));
    if (this.tabs) this.tabs.onmessage = ({ data }: MessageEvent<Queued[]>) => this.lay(data);
  }

  subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** Hear of events that another tab of this browser has given, and of receipts. */
  listen(hear: (events: readonly Queued[]) => void): () => void {
    this.heard.add(hear);
    return () => this.heard.delete(hear);
  }

  /** Whose events are sent; nobody's while nobody is signed in. */
  signIn(person: string | undefined): void {
    if (person === this.person) return;
    this.person = person;
    this.sureAt = 0;
    this.told();
    this.wake();
  }

  async ofRound(person: string, round: string): Promise<LabelEvent[]> {
    const events = await (await this.shelf).ofRound(person, round);
    return this.lessOld(events, "answer");
  }

  async ofKind<W extends What>(person: string, what: W): Promise<Of<W>[]> {
    await this.ready;
    const events = await (await this.shelf).ofKind(person, what);
    // What a full disk did not take lives here alone.
    const lying = new Set(events.map(({ event }) => event));
    const only = are([...this.waiting.values()], what).filter((each) => each.person === person && !lying.has(each.event));
    return this.lessOld(inOrder([...events, ...only]), what);
  }

  /** How much of a kind waits that satisfies a test, of the person who is signed in. */
  waitingOf<W extends What>(what: W, test: (event: Of<W>) => boolean): number {
    return are([...this.waiting.values()], what).filter((each) => each.person === this.person && test(each)).length;
  }

  private async lessOld<W extends What>(events: Of<W>[], what: W): Promise<Of<W>[]> {
    const kept = events.filter(({ state }) => state === "kept");
    const old = new Set(kept.slice(0, Math.max(0, kept.length - rememberedOf(what))).map(({ event }) => event));
    if (old.size === 0) return events;
    await (await this.shelf).remove([...old]).catch(() => undefined);
    return events.filter(({ event }) => !old.has(event));
  }

  /** Keep events on the device; they are sent once they lie there. */
  async give(events: readonly Queued[]): Promise<void> {
    for (const each of events) this.keeping.set(each.event, each);
    this.told();
    const shelf = await this.shelf;
    try {
      await shelf.put(events);
    } catch {
      // A full disk keeps nobody from working: events live in this page until they are sent, and the page says so.
      this.standing = { ...this.standing, lasting: false };
    }
    for (const each of events) {
      this.keeping.delete(each.event);
      this.waiting.set(each.event, each);
    }
    this.told();
    this.tabs?.postMessage(events);
    if (this.failures === 0) void this.send();
  }

  /** Try now, whatever was waited for. */
  wake(): void {
    if (document.visibilityState === "hidden") return;
    clearTimeout(this.timer);
    this.failures = 0;
    this.held.clear();
    void this.send();
  }

  /** What of this person the service does not have, as the text of a file. */
  save(): string {
    const mine = [...this.waiting.values(), ...this.refused.values()].filter(({ person }) => person === this.person);
    return written(inOrder(mine), new Date().toISOString());
  }

  /** Take the events of a file in: how many were new here; `undefined` where the file holds none of ours. */
  async load(text: string): Promise<number | undefined> {
    const events = readEvents(text);
    if (!events) return undefined;
    const shelf = await this.shelf;
    const known = new Set(await shelf.known(events.map(({ event }) => event)));
    const fresh = events.filter(({ event }) => !known.has(event) && !this.waiting.has(event));
    await shelf.put(fresh);
    this.lay(fresh);
    this.tabs?.postMessage(fresh);
    this.wake();
    return fresh.length;
  }

  /** Let go of what the service did not take. */
  async dropRefused(): Promise<void> {
    const mine = [...this.refused.values()].filter(({ person }) => person === this.person).map(({ event }) => event);
    await (await this.shelf).remove(mine);
    for (const event of mine) this.refused.delete(event);
    this.told();
  }

  private async recall(): Promise<void> {
    const shelf = await this.shelf;
    for (const each of await shelf.inState("waiting")) this.waiting.set(each.event, each);
    for (const each of await shelf.inState("refused")) this.refused.set(each.event, each);
    this.standing = { ...this.standing, lasting: this.standing.lasting && shelf.lasting, known: true };
    this.told();
    void this.send();
  }

  /** Events as they are now, given or settled here or in another tab. */
  private lay(events: readonly Queued[]): void {
    for (const each of events) {
      if (each.state === "waiting") this.waiting.set(each.event, each);
      else this.waiting.delete(each.event);
      if (each.state === "refused") this.refused.set(each.event, each);
    }
    this.told();
    for (const hear of this.heard) hear(events);
  }

  private async send(): Promise<void> {
    if (this.sending || this.person === undefined) return;
    this.sending = true;
    try {
      let closed: Problem | undefined;
      for (let batch = this.batch(); batch.length > 0; batch = this.batch()) closed = (await this.sendOrHold(batch)) ?? closed;
      this.failures = 0;
      if (closed) this.told(closed);
      else this.calm();
    } catch (reason) {
      this.failed(problemOf(reason));
    } finally {
      this.sending = false;
    }
  }

  /** The next events of one address, in the order in which they were given. */
  private batch(): Queued[] {
    const mine = [...this.waiting.values()].filter((each) => each.person === this.person && !this.held.has(urlOf(each)));
    const [first] = mine;
    if (!first) return [];
    const url = urlOf(first);
    return mine.filter((each) => urlOf(each) === url).slice(0, togetherOf(first));
  }

  private async sendOrHold(batch: readonly Queued[]): Promise<Problem | undefined> {
    try {
      await this.sendBatch(batch);
      return undefined;
    } catch (reason) {
      const problem = problemOf(reason);
      if (problem.status !== 403 && problem.status !== 404) throw reason;
      for (const each of batch) this.held.add(urlOf(each));
      return problem;
    }
  }

  /** A receipt for each event. A batch that is refused whole, or too large, is asked for in halves, down to the event that is wrong. */
  private async receipts(batch: readonly Queued[]): Promise<Receipt[]> {
    const [first] = batch;
    if (!first) return [];
    try {
      return await sendJson<Receipt[]>("POST", urlOf(first), batch.map(sentOf));
    } catch (reason) {
      const { status, code, detail } = problemOf(reason);
      if (status !== 422 && status !== 413) throw reason;
      if (batch.length === 1) return [{ event: first.event, state: "refused", code, detail, panel: null }];
      const half = Math.ceil(batch.length / 2);
      return [...(await this.receipts(batch.slice(0, half))), ...(await this.receipts(batch.slice(half)))];
    }
  }

  private async sendBatch(batch: readonly Queued[]): Promise<void> {
    const shelf = await this.shelf;
    // Another tab may have signed somebody else in: what anybody may send must not go out in that name.
    if (!batch.every(isPersonal) && Date.now() - this.sureAt > SURE_MS) await this.confirmPerson();
    const receipts = await this.receipts(batch);
    // An item that is none of this person's: then nothing is settled, either.
    if (receipts.some(({ state, code }) => state === "refused" && code === "not-found")) await this.confirmPerson();
    const told = new Map(receipts.map((each) => [each.event, each]));
    const settled = batch.flatMap((each): Queued[] => {
      const receipt = told.get(each.event);
      if (!receipt) return [];
      if (receipt.state === "refused") return [{ ...each, state: "refused", refusal: receipt.detail || receipt.code || "" }];
      return [{ ...each, state: "kept", ...(each.what === "answer" && receipt.panel ? { panel: receipt.panel } : {}) }];
    });
    if (settled.length === 0) throw broken();
    const gone = settled.filter(({ what, state }) => state === "kept" && rememberedOf(what) === 0);
    // Where the disk takes nothing they are sent once more when the page is opened again, and known.
    await shelf.put(settled.filter((each) => !gone.includes(each))).catch(() => undefined);
    await shelf.remove(gone.map(({ event }) => event)).catch(() => undefined);
    this.tabs?.postMessage(settled);
    this.lay(settled);
    this.calm();
  }

  private async confirmPerson(): Promise<void> {
    const { person } = await getJson<Session>("/api/session");
    // Where nobody is signed in the service says so itself, and the page asks who we are.
    if (person && person.id !== this.person) throw OTHER_PERSON;
    this.sureAt = Date.now();
  }

  private calm(): void {
    this.standing = { ...this.standing, problem: undefined };
    this.told();
  }

  private failed(problem: Problem): void {
    this.failures += 1;
    this.told(problem);
    if (!passing(problem)) return;
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.failures - 1));
    this.timer = setTimeout(() => void this.send(), wait * (0.75 + Math.random() / 2));
  }

  private told(problem: Problem | undefined = this.standing.problem): void {
    const all = [...this.waiting.values(), ...this.keeping.values()];
    const mine = all.filter(({ person }) => person === this.person);
    const others = [...new Set(all.filter(({ person }) => person !== this.person).map(({ handle }) => handle))];
    const oldest = mine.reduce<string | undefined>((first, { given_at }) => (first === undefined || given_at < first ? given_at : first), undefined);
    const refused = [...this.refused.values()].filter(({ person }) => person === this.person);
    this.standing = { ...this.standing, waiting: mine.length, others, oldest, problem, refused };
    for (const watcher of this.watchers) watcher();
  }
}
