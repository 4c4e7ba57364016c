/** What people do as events: made once, kept on this device, sent until the service has them, never changed. */
import type { Given, PastAnswer } from "../api/rounds";

/** What every event has, whatever it says. */
export interface Sendable {
  event: string;
  /** Id of the person whose event it is; nobody else sends it. */
  person: string;
  handle: string;
  given_at: string;
  state: "waiting" | "kept" | "refused";
  /** Why the service did not take it. */
  refusal: string;
}

/** What stands behind an item after an event: a term, or nothing. */
export interface Opinion {
  term: string | null;
  comment: string;
}

export const NOTHING: Opinion = { term: null, comment: "" };

/** An answer in a round. */
export interface LabelEvent extends Sendable {
  what: "answer";
  round: string;
  item: string;
  /** In this person's order, from 0. */
  place: number;
  seconds: number | null;
  after: Opinion;
  before: Opinion;
  /**
   * Undo and redo are answers like others, and remembered as what they are, so that undoing goes on after a reload.
   * What came from another device of the person is `elsewhere`.
   */
  kind: "answer" | "undo" | "redo" | "elsewhere";
  /** What the panel says of the cell: told in training, with the receipt. */
  panel?: string;
}

export const asGiven = ({ event, item, after, given_at, seconds }: LabelEvent): Given => ({
  event,
  item,
  term: after.term,
  given_at,
  seconds,
  comment: after.comment,
  look: "single",
});

/** What the service tells of an event of another device. */
export const fromElsewhere = ({ event, item, place, term, comment, given_at }: PastAnswer, who: { round: string; person: string; handle: string }): LabelEvent => ({
  ...who,
  what: "answer",
  event,
  item,
  place,
  given_at,
  seconds: null,
  after: { term, comment: term === null ? "" : comment },
  before: NOTHING,
  kind: "elsewhere",
  state: "kept",
  refusal: "",
});

/** The newer of two events, by the time of giving, then by id: the rule that the service has too. */
export const isNewer = (a: { given_at: string; event: string }, b: { given_at: string; event: string }): boolean => {
  const [left, right] = [Date.parse(a.given_at), Date.parse(b.given_at)];
  return left === right ? a.event > b.event : left > right;
};

/** A random UUID, version 4. `crypto.randomUUID` is missing where a page is not served over TLS, as on a ward's own network. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

let last = 0;

/** Now, but later than every moment handed out before and than `after`: a clock that is set back reorders nothing. */
export function newMoment(after?: string): string {
  last = Math.max(Date.now(), last + 1, after === undefined ? 0 : Date.parse(after) + 1);
  return new Date(last).toISOString();
}

export const isSame = (a: Opinion, b: Opinion): boolean => a.term === b.term && a.comment === b.comment;

/** In the order in which they were given, by the rule of the newest. */
export const inOrder = <E extends { given_at: string; event: string }>(events: readonly E[]): E[] => [...events].sort((a, b) => (isNewer(a, b) ? 1 : -1));

/**
 * Events of this device and of others as one history. What stood behind an item before an event is what the event
 * before it said, whichever device that one came from; of the oldest known it stays what its device saw.
 */
export function woven(events: readonly LabelEvent[]): LabelEvent[] {
  const live = new Map<string, Opinion>();
  return inOrder(events).map((each) => {
    const before = live.get(each.item) ?? each.before;
    live.set(each.item, each.after);
    return isSame(before, each.before) ? each : { ...each, before };
  });
}

/** The last step on an item that satisfies a test, taken out of its stack. */
function taken(stack: LabelEvent[], test: (step: LabelEvent) => boolean): LabelEvent | undefined {
  for (let index = stack.length - 1; index >= 0; index -= 1) {
    const step = stack[index];
    if (step && test(step)) return stack.splice(index, 1)[0];
  }
  return undefined;
}

/**
 * The steps that can be undone and redone, the newest last, from the events of one round in their order.
 *
 * What another device gave comes without saying whether it was an undo: it was one where it brings an item back to what
 * stood there before its last step, and a redo where it says again what was undone.
 */
export function steps(events: readonly LabelEvent[]): { done: LabelEvent[]; undone: LabelEvent[] } {
  const done: LabelEvent[] = [];
  const undone: LabelEvent[] = [];
  for (const each of events) {
    if (each.state === "refused") continue;
    const { kind } = each;
    const undoes = (step: LabelEvent) => step.item === each.item && (kind === "undo" || isSame(step.before, each.after));
    const redoes = (step: LabelEvent) => step.item === each.item && isSame(step.after, each.after);
    if (kind === "undo" || kind === "elsewhere") {
      // Only the last step on an item can be what an event takes back.
      const last = done.findLast(({ item }) => item === each.item);
      const step = last && undoes(last) ? taken(done, (one) => one === last) : undefined;
      if (step) undone.push(step);
      if (step || kind === "undo") continue;
    }
    if (kind === "redo" || (kind === "elsewhere" && undone.length > 0)) {
      const step = taken(undone, redoes);
      if (step) done.push(step);
      if (step || kind === "redo") continue;
    }
    done.push(each);
    undone.length = 0;
  }
  return { done, undone };
}
