/** The disputed cells of a round while somebody decides: where we stand, and what was decided. */
import type { Decision, Dispute } from "../../api/adjudication";
import { newId, newMoment } from "../../offline/events";
import { are, type Queued } from "../../offline/kinds";
import { type DecisionEvent, decisionEvent, type Judging } from "./events";

/** One thing that was done: it can be undone by deciding as before. */
interface Step {
  item: string;
  before: Decision | null;
  after: Decision | null;
}

export interface Standing {
  place: number;
  item: Dispute | undefined;
  decided: number;
  /** How many more are decided than when the items came. */
  gained: number;
  last: { place: number; decision: Decision | null; undone: boolean; count: number } | undefined;
  undoable: boolean;
  redoable: boolean;
}

export class Deciding {
  private items: Dispute[];
  private place: number;
  private readonly done: Step[] = [];
  private readonly undone: Step[] = [];
  private readonly first: number;
  private shownAt = Date.now();
  private count = 0;
  private last: Standing["last"];
  private readonly watchers = new Set<() => void>();
  standing: Standing;

  constructor(
    items: readonly Dispute[],
    private readonly who: Judging,
    /** Keep and send what was done. */
    private readonly give: (events: readonly DecisionEvent[]) => void,
    waiting: readonly DecisionEvent[] = [],
  ) {
    this.first = items.filter(({ decision }) => decision !== null).length;
    this.items = [...items];
    // What was not sent before a reload counts as decided.
    for (const each of waiting) this.lay(each);
    const open = this.items.findIndex(({ decision }) => decision === null);
    this.place = Math.max(open, 0);
    this.standing = this.told();
  }

  subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  at = (place: number): Dispute | undefined => this.items[place];

  decide(term: string, reason: string): void {
    const item = this.items[this.place];
    if (!item) return;
    const given_at = newMoment();
    this.undone.length = 0;
    this.act({ item: item.item, before: item.decision, after: { term, reason, mine: true, given_at } }, given_at);
    this.done.push({ item: item.item, before: item.decision, after: { term, reason, mine: true, given_at } });
    this.last = { place: this.place, decision: this.items[this.place]?.decision ?? null, undone: false, count: (this.count += 1) };
    this.skip();
  }

  undo = (): boolean => this.again(this.done, this.undone, ({ item, before, after }) => ({ item, before: after, after: before }), true);
  redo = (): boolean => this.again(this.undone, this.done, (step) => step, false);

  step(by: number): void {
    this.go(this.place + by);
  }

  /** On to the next cell that is not decided, behind this one first; nowhere where there is none. */
  skip(): void {
    const { length } = this.items;
    for (let by = 1; by < length; by += 1) {
      const place = (this.place + by) % length;
      if (this.items[place]?.decision === null) {
        this.go(place);
        return;
      }
    }
    this.tell();
  }

  /** What another tab has given, and what the service did not take. */
  hear = (events: readonly Queued[]): void => {
    const { round, person } = this.who;
    for (const each of are(events, "decision")) {
      if (each.round !== round || each.person !== person) continue;
      if (each.state === "refused") this.refuse(each.item);
      else if (each.state === "waiting") this.lay(each);
    }
    this.tell();
  };

  private again(from: Step[], to: Step[], turned: (step: Step) => Step, undone: boolean): boolean {
    const step = from.pop();
    if (!step) return false;
    to.push(step);
    const place = this.items.findIndex(({ item }) => item === step.item);
    this.place = Math.max(place, 0);
    this.shownAt = Date.now();
    this.act(turned(step), newMoment());
    this.last = { place: this.place, decision: this.items[this.place]?.decision ?? null, undone, count: (this.count += 1) };
    this.tell();
    return true;
  }

  private act({ item, after }: Step, given_at: string): void {
    this.put(item, after);
    // What another adjudicator decided stands again as soon as one's own is taken back.
    const own = after?.mine ? after : null;
    const seconds = Math.min((Date.now() - this.shownAt) / 1000, 3600);
    this.give([decisionEvent({ event: newId(), item, term: own?.term ?? null, reason: own?.reason ?? "", given_at, seconds }, this.who)]);
    this.tell();
  }

  private refuse(item: string): void {
    const before = this.done.find((step) => step.item === item)?.before ?? null;
    this.put(item, before);
    for (const steps of [this.done, this.undone]) {
      steps.splice(0, steps.length, ...steps.filter((step) => step.item !== item));
    }
  }

  private lay({ item, term, reason, given_at }: DecisionEvent): void {
    this.put(item, term === null ? null : { term, reason, mine: true, given_at });
  }

  private put(item: string, decision: Decision | null): void {
    this.items = this.items.map((each) => (each.item === item ? { ...each, decision } : each));
  }

  private go(place: number): void {
    const to = Math.max(0, Math.min(place, this.items.length - 1));
    if (to !== this.place) this.shownAt = Date.now();
    this.place = to;
    this.tell();
  }

  private told(): Standing {
    const decided = this.items.filter(({ decision }) => decision !== null).length;
    return {
      place: this.place,
      item: this.items[this.place],
      decided,
      gained: decided - this.first,
      last: this.last,
      undoable: this.done.length > 0,
      redoable: this.undone.length > 0,
    };
  }

  private tell(): void {
    this.standing = this.told();
    for (const watcher of this.watchers) watcher();
  }
}
