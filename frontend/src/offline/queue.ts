/** Events on their way to the service: kept first, then sent in batches, tried again until each has a receipt. */
import { broken, type Problem, problemOf, sendJson } from "../api/client";
import { answersUrl, type Receipt } from "../api/rounds";
import { asGiven, type LabelEvent } from "./events";
import type { Shelf } from "./shelf";

export const BATCH = 200;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** Events that the service has stay for undoing; no more than these of one round. */
const REMEMBERED = 2_000;
const CHANNEL = "buffycoat.events";

export interface Standing {
  /** Of the person who is signed in. */
  waiting: number;
  /** Handles of others whose answers wait on this device. */
  others: readonly string[];
  /** Why the last try failed; `undefined` while all is well. */
  problem: Problem | undefined;
  refused: readonly LabelEvent[];
  lasting: boolean;
}

const CALM: Standing = { waiting: 0, others: [], problem: undefined, refused: [], lasting: true };
/** What is worth another try without anybody doing anything. */
const passing = ({ status, code }: Problem): boolean => code === "offline" || code === "broken" || status >= 500 || status === 408 || status === 429;

export class Queue {
  standing: Standing = CALM;
  private waiting = new Map<string, LabelEvent>();
  private refused: LabelEvent[] = [];
  private person: string | undefined;
  private sending = false;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Rounds that are not for this person now: what waits for them keeps nothing else waiting. */
  private readonly held = new Set<string>();
  private readonly watchers = new Set<() => void>();
  private readonly tabs = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel(CHANNEL);
  private readonly heard = new Set<(events: readonly LabelEvent[]) => void>();

  constructor(private readonly shelf: Promise<Shelf>) {
    void this.recall();
    const wake = () => this.wake();
    window.addEventListener("online", wake);
    window.addEventListener("focus", wake);
    document.addEventListener("visibilitychange", wake);
    if (this.tabs) this.tabs.onmessage = ({ data }: MessageEvent<LabelEvent[]>) => this.fromAnotherTab(data);
  }

  subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** Hear of events that another tab of this browser has given or settled. */
  listen(hear: (events: readonly LabelEvent[]) => void): () => void {
    this.heard.add(hear);
    return () => this.heard.delete(hear);
  }

  /** Whose events are sent; nobody's while nobody is signed in. */
  signIn(person: string | undefined): void {
    if (person === this.person) return;
    this.person = person;
    this.told();
    this.wake();
  }

  async ofRound(person: string, round: string): Promise<LabelEvent[]> {
    const events = await (await this.shelf).ofRound(person, round);
    const settled = events.filter(({ state }) => state !== "waiting");
    this.refused = settled.filter(({ state }) => state === "refused");
    this.told();
    const kept = settled.filter(({ state }) => state === "kept");
    const old = kept.slice(0, Math.max(0, kept.length - REMEMBERED)).map(({ event }) => event);
    if (old.length > 0) await (await this.shelf).remove(old);
    return events;
  }

  /** Keep an event on the device; it is sent once it lies there. */
  async give(event: LabelEvent): Promise<void> {
    const shelf = await this.shelf;
    try {
      await shelf.put([event]);
    } catch {
      // A full disk keeps nobody from working: the event lives in this page until it is sent, and the page says so.
      this.standing = { ...this.standing, lasting: false };
    }
    this.waiting.set(event.event, event);
    this.told();
    this.tabs?.postMessage([event]);
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

  private async recall(): Promise<void> {
    const shelf = await this.shelf;
    for (const each of await shelf.waiting()) this.waiting.set(each.event, each);
    this.standing = { ...this.standing, lasting: shelf.lasting };
    this.told();
    void this.send();
  }

  private fromAnotherTab(events: readonly LabelEvent[]): void {
    for (const each of events) {
      if (each.state === "waiting") this.waiting.set(each.event, each);
      else this.waiting.delete(each.event);
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

  /** The next events of one round, in the order in which they were given. */
  private batch(): LabelEvent[] {
    const mine = [...this.waiting.values()].filter(({ person, round }) => person === this.person && !this.held.has(round));
    const round = mine[0]?.round;
    return mine.filter((each) => each.round === round).slice(0, BATCH);
  }

  private async sendOrHold(batch: readonly LabelEvent[]): Promise<Problem | undefined> {
    try {
      await this.sendBatch(batch);
      return undefined;
    } catch (reason) {
      const problem = problemOf(reason);
      if (problem.status !== 403 && problem.status !== 404) throw reason;
      this.held.add(batch[0]?.round ?? "");
      return problem;
    }
  }

  /** A receipt for each event. A batch that is refused whole is asked for in halves, down to the event that is wrong. */
  private async receipts(batch: readonly LabelEvent[]): Promise<Receipt[]> {
    const [first] = batch;
    try {
      return await sendJson<Receipt[]>("POST", answersUrl(first?.round ?? ""), batch.map(asGiven));
    } catch (reason) {
      const { status, code, detail } = problemOf(reason);
      if (status !== 422 || !first) throw reason;
      if (batch.length === 1) return [{ event: first.event, state: "refused", code, detail, panel: null }];
      const half = Math.ceil(batch.length / 2);
      return [...(await this.receipts(batch.slice(0, half))), ...(await this.receipts(batch.slice(half)))];
    }
  }

  private async sendBatch(batch: readonly LabelEvent[]): Promise<void> {
    const shelf = await this.shelf;
    const receipts = await this.receipts(batch);
    const told = new Map(receipts.map((each) => [each.event, each]));
    const settled = batch.flatMap((each): LabelEvent[] => {
      const receipt = told.get(each.event);
      if (!receipt) return [];
      if (receipt.state !== "refused") return [{ ...each, state: "kept", ...(receipt.panel ? { panel: receipt.panel } : {}) }];
      return [{ ...each, state: "refused", refusal: receipt.detail || receipt.code || "" }];
    });
    if (settled.length === 0) throw broken();
    await shelf.put(settled);
    for (const each of settled) this.waiting.delete(each.event);
    this.refused = [...this.refused, ...settled.filter(({ state }) => state === "refused")];
    this.tabs?.postMessage(settled);
    for (const hear of this.heard) hear(settled);
    this.calm();
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
    const all = [...this.waiting.values()];
    const ofOthers = all.filter(({ person }) => person !== this.person);
    const others = [...new Set(ofOthers.map(({ handle }) => handle))];
    this.standing = { ...this.standing, waiting: all.length - ofOthers.length, others, problem, refused: this.refused };
    for (const watcher of this.watchers) watcher();
  }
}
