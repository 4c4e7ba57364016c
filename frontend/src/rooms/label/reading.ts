/** One person's way through one round: items in windows, answers laid over them, the place, and what can be undone. */
import { type Answer, type History, type Item, type ItemPage, REACH, WINDOW } from "../../api/rounds";
import { type Batch, windowOf } from "../../offline/batch";
import { fromElsewhere, isNewer, type LabelEvent, newId, newMoment, NOTHING, type Opinion, steps, woven } from "../../offline/events";

export interface Who {
  round: string;
  person: string;
  handle: string;
}

export interface Seen {
  place: number;
  total: number;
  answered: number;
  /** `undefined` while its window is on its way. */
  item: Item | undefined;
  opinion: Opinion;
  /** The comment of the answer, or the one that waits for an answer. */
  comment: string;
  /** What the panel says, where the mode tells it: after an answer, never before. */
  panel: string | undefined;
  lastPanel: string | undefined;
  done: readonly LabelEvent[];
  undone: readonly LabelEvent[];
  /** What was done last, for the toast; `undefined` before the first key. */
  last: LabelEvent | undefined;
  /** Whether the person has handed in, here or elsewhere. */
  handedIn: boolean;
  /** Without the service: how many of the items that were taken along have no answer yet. */
  takenLeft: number | undefined;
}

export interface Hands {
  /** Ask for a window of items; the answer comes back through `arrive`. */
  load: (page: number) => void;
  keep: (event: LabelEvent) => void;
}

const opinionOf = (answer: Answer | null | undefined): Opinion => (answer ? { term: answer.term, comment: answer.comment } : NOTHING);

export class Reading {
  private readonly pages = new Map<number, readonly Item[]>();
  private readonly asked = new Set<number>();
  /** The newest event of this device for each item. */
  private readonly own = new Map<string, LabelEvent>();
  private readonly known = new Set<string>();
  private readonly panels = new Map<string, string>();
  private readonly drafts = new Map<string, string>();
  private readonly watchers = new Set<() => void>();
  private events: LabelEvent[];
  /** Events that the service has not said it has. */
  private readonly unsent = new Set<string>();
  /** Windows of which only what was taken along is here. */
  private readonly partial = new Set<number>();
  private batch: Batch | undefined;
  private handedIn = false;
  /** How often the service has settled something: what it tells of before the last time is old. */
  settles = 0;
  private place = 0;
  private total = 0;
  private answered = 0;
  private started = false;
  /** On the way to the next item without an answer, through windows that are still to come. */
  private seeking = false;
  private shownAt = 0;
  private last: LabelEvent | undefined;
  seen: Seen;

  constructor(
    private readonly who: Who,
    events: readonly LabelEvent[],
    private readonly hands: Hands,
    start: number | undefined,
  ) {
    this.events = woven(events.filter(({ state }) => state !== "refused"));
    for (const each of this.events) {
      this.lay(each);
      if (each.state === "waiting") this.unsent.add(each.event);
      if (each.panel !== undefined) this.panels.set(each.item, each.panel);
    }
    this.place = start ?? -1;
    this.seeking = true;
    this.seen = this.look();
  }

  subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  open(): void {
    this.need(Math.floor(Math.max(this.place, 0) / WINDOW));
  }

  arrive(page: number, { total, answered, items }: ItemPage): void {
    this.total = total;
    this.pages.set(page, items);
    this.partial.delete(page);
    this.batch = undefined;
    if (!this.started) {
      this.started = true;
      const waiting = this.events.filter(({ state }) => state === "waiting");
      this.answered = waiting.reduce((sum, each) => sum + change(each), answered);
      // Most people answer in order: as many as are answered is a good guess of where to go on.
      if (this.place < 0) this.place = answered;
      this.place = Math.min(this.place, Math.max(0, total - 1));
    }
    if (this.seeking) this.seek(this.place);
    this.tell();
  }

  /** The service does not answer, and this is what was taken along of it: all windows at once. */
  arriveTaken(batch: Batch): void {
    this.batch = batch;
    this.total = batch.total;
    for (let page = 0; page * WINDOW < batch.total; page += 1) {
      if (this.pages.has(page) && !this.partial.has(page)) continue;
      this.pages.set(page, windowOf(batch, page));
      this.partial.add(page);
      this.asked.delete(page);
    }
    if (!this.started) {
      this.started = true;
      // None of these had an answer when they were taken.
      this.answered = batch.answered + batch.items.filter((item) => this.opinion(item).term !== null).length;
      this.place = Math.min(Math.max(this.place, 0), Math.max(0, batch.total - 1));
      this.seeking = true;
    }
    if (this.seeking || !this.at(this.place)) this.seek(this.place);
    const [first] = batch.items;
    if (!this.at(this.place) && first) this.move(first.place);
    this.tell();
  }

  /** A window did not come; it may be asked for again. */
  missed(page: number): void {
    this.asked.delete(page);
  }

  /** What this person answered elsewhere, and how many answers the service holds: the truth of all devices. */
  catchUp({ answered, handed_in, events: told }: History): void {
    const here = new Set(told.map(({ event }) => event));
    const known = told.filter(({ event }) => this.known.has(event)).length;
    const fresh = told.filter(({ event }) => !this.known.has(event)).map((past) => fromElsewhere(past, this.who));
    for (const each of fresh) this.lay(each);
    if (fresh.length > 0) this.events = woven([...this.events, ...fresh]);
    this.handedIn = handed_in;
    this.answered = answered + this.changeBy(new Set([...this.unsent].filter((event) => !here.has(event))));
    // More happened elsewhere than is told: what is here of the items may be older than that.
    if (told.length === REACH && known === 0 && this.known.size > told.length) this.reload();
    this.tell();
  }

  /** Ask for all windows again, those in sight first; until they come, the old ones stay. */
  reload(): void {
    const now = Math.floor(Math.max(this.place, 0) / WINDOW);
    for (const page of [...this.pages.keys()]) {
      if (page === now) continue;
      this.pages.delete(page);
      this.partial.delete(page);
    }
    this.asked.clear();
    this.asked.add(now);
    this.hands.load(now);
  }

  at(place: number): Item | undefined {
    return this.pages.get(Math.floor(place / WINDOW))?.[place % WINDOW];
  }

  /** The live answer of an item: the newest of what the service told and what this device gave. */
  opinion(item: Item): Opinion {
    const mine = this.own.get(item.item);
    if (mine && (!item.answer || isNewer(mine, item.answer) || mine.event === item.answer.event)) return mine.after;
    return opinionOf(item.answer);
  }

  answer(term: string, comment?: string): LabelEvent | undefined {
    const item = this.at(this.place);
    if (!item) return undefined;
    const before = this.opinion(item);
    const event = this.give(item, { term, comment: comment ?? this.drafts.get(item.item) ?? before.comment }, "answer");
    this.drafts.delete(item.item);
    this.seek(this.place + 1);
    this.tell();
    return event;
  }

  /** A comment goes with an answer; where there is none yet, it waits for it. */
  comment(text: string): void {
    const item = this.at(this.place);
    if (!item) return;
    const before = this.opinion(item);
    if (before.term === null) this.drafts.set(item.item, text);
    else if (before.comment !== text) this.give(item, { term: before.term, comment: text }, "answer");
    this.tell();
  }

  undo = (): LabelEvent | undefined => this.back("undo");
  redo = (): LabelEvent | undefined => this.back("redo");

  go(place: number): void {
    this.seeking = false;
    const [first, last] = [0, Math.max(this.total - 1, 0)];
    let to = Math.min(Math.max(place, first), last);
    // Without the service there is nothing between what was taken along.
    const by = to < this.place ? -1 : 1;
    while (to >= first && to <= last && this.isMissing(to)) to += by;
    if (to >= first && to <= last) this.move(to);
    this.tell();
  }

  step(by: number): void {
    this.go(this.place + by);
  }

  /** Go to the first item of all without an answer. */
  toBlank(): void {
    this.seek(0);
    this.tell();
  }

  /** Leave it for now: it comes again when the others have an answer. */
  skip(): void {
    this.seek(this.place + 1);
    this.tell();
  }

  /** Events that another tab of this browser gave, and receipts. */
  hear(events: readonly LabelEvent[]): void {
    const mine = events.filter(({ person, round }) => person === this.who.person && round === this.who.round);
    for (const each of mine) {
      if (each.state !== "waiting") {
        this.unsent.delete(each.event);
        this.settles += 1;
      }
      if (each.state === "refused") this.refuse(each);
      else if (!this.known.has(each.event)) {
        if (each.state === "waiting") this.unsent.add(each.event);
        const before = this.opinionAt(each);
        this.lay(each);
        this.answered += Number(this.opinionAt(each).term !== null) - Number(before.term !== null);
        const { events } = this;
        const newest = events.at(-1);
        this.events = newest === undefined || isNewer(each, newest) ? [...events, each] : woven([...events, each]);
      } else if (each.panel !== undefined) this.panels.set(each.item, each.panel);
    }
    if (mine.length > 0) this.tell();
  }

  private back(kind: "undo" | "redo"): LabelEvent | undefined {
    const { done, undone } = steps(this.events);
    const step = (kind === "undo" ? done : undone).at(-1);
    if (!step) return undefined;
    const item = { item: step.item, place: step.place, answer: this.at(step.place)?.answer ?? null };
    const event = this.give(item, kind === "undo" ? step.before : step.after, kind);
    this.seeking = false;
    this.move(step.place);
    // What is done again is done: on to the next.
    if (kind === "redo" && event.after.term !== null) this.seek(step.place + 1);
    this.tell();
    return event;
  }

  private give(item: Item, after: Opinion, kind: LabelEvent["kind"]): LabelEvent {
    const live = this.own.get(item.item);
    const newest = live && item.answer ? (isNewer(live, item.answer) ? live : item.answer) : (live ?? item.answer);
    const event: LabelEvent = {
      what: "answer",
      event: newId(),
      ...this.who,
      item: item.item,
      place: item.place,
      given_at: newMoment(newest?.given_at),
      seconds: kind === "answer" ? Math.round(performance.now() - this.shownAt) / 1000 : null,
      after,
      before: this.opinion(item),
      kind,
      state: "waiting",
      refusal: "",
    };
    this.events.push(event);
    this.unsent.add(event.event);
    this.lay(event);
    this.answered += change(event);
    this.last = event;
    this.hands.keep(event);
    return event;
  }

  private lay(event: LabelEvent): void {
    this.known.add(event.event);
    const before = this.own.get(event.item);
    if (!before || isNewer(event, before)) this.own.set(event.item, event);
  }

  private refuse(event: LabelEvent): void {
    const given = this.events.find((each) => each.event === event.event);
    if (!given) return;
    const before = this.opinionAt(given);
    this.events = this.events.filter((each) => each !== given);
    this.own.delete(given.item);
    for (const each of this.events) if (each.item === given.item) this.lay(each);
    this.answered += Number(this.opinionAt(given).term !== null) - Number(before.term !== null);
  }

  /** The live answer of the item that an event is of, which need not be here. */
  private opinionAt({ item, place }: LabelEvent): Opinion {
    return this.opinion(this.at(place) ?? { item, place, answer: null, panel: null });
  }

  /** What some events do to the number of answered items: all that they changed, beside what stands without them. */
  private changeBy(some: ReadonlySet<string>): number {
    const items = new Map(this.events.filter(({ event }) => some.has(event)).map((each) => [each.item, each]));
    let sum = 0;
    for (const each of items.values()) {
      const rest = this.events.filter(({ item, event }) => item === each.item && !some.has(event)).at(-1);
      const held = this.at(each.place)?.answer;
      const stood = rest && (!held || isNewer(rest, held)) ? rest.after : opinionOf(held);
      sum += Number(this.opinionAt(each).term !== null) - Number(stood.term !== null);
    }
    return sum;
  }

  /** Whether a place has nothing here, and nothing comes. */
  private isMissing(place: number): boolean {
    return this.partial.has(Math.floor(place / WINDOW)) && !this.at(place);
  }

  /** Go to the first item without an answer from a place on, and around; stay where all have one. */
  private seek(from: number): void {
    this.seeking = false;
    if (this.total > 0 && this.answered >= this.total) return;
    for (let step = 0; step < this.total; step += 1) {
      const place = (from + step) % this.total;
      const item = this.at(place);
      if (!item && this.isMissing(place)) continue;
      if (!item) {
        this.seeking = true;
        this.move(place);
        return;
      }
      if (this.opinion(item).term === null) {
        this.move(place);
        return;
      }
    }
  }

  private move(place: number): void {
    this.place = place;
    this.shownAt = performance.now();
    const page = Math.floor(place / WINDOW);
    this.need(page);
    // The next window is there before the last item of this one.
    if (place % WINDOW > WINDOW * 0.6) this.need(page + 1);
  }

  private need(page: number): void {
    if (page < 0 || this.asked.has(page) || (this.pages.has(page) && this.partial.has(page)) || (this.started && page * WINDOW >= this.total)) return;
    this.asked.add(page);
    this.hands.load(page);
  }

  private look(): Seen {
    const item = this.at(this.place);
    const { done, undone } = steps(this.events);
    const { total, answered, last } = this;
    const place = Math.max(this.place, 0);
    const opinion = item ? this.opinion(item) : NOTHING;
    const comment = (item && this.drafts.get(item.item)) ?? opinion.comment;
    const panelOf = (key: string | undefined) => (key === undefined ? undefined : this.panels.get(key));
    const panel = opinion.term === null ? undefined : (panelOf(item?.item) ?? item?.panel ?? undefined);
    return { place, total, answered, item, opinion, comment, panel, lastPanel: panelOf(last?.item), done, undone, last, handedIn: this.handedIn, takenLeft: this.batch?.items.filter((each) => this.opinion(each).term === null).length };
  }

  private tell(): void {
    this.seen = this.look();
    for (const watcher of this.watchers) watcher();
  }
}

/** What an event does to the number of answered items. */
const change = ({ before, after }: LabelEvent): number => Number(after.term !== null) - Number(before.term !== null);
