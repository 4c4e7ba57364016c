/** An answer as an event: made once, kept on this device, sent until the service has it, never changed. */
import type { Given } from "../api/rounds";

/** What stands behind an item after an event: a term, or nothing. */
export interface Opinion {
  term: string | null;
  comment: string;
}

export const NOTHING: Opinion = { term: null, comment: "" };

export interface LabelEvent {
  event: string;
  round: string;
  /** Id of the person whose answer it is; nobody else sends it. */
  person: string;
  handle: string;
  item: string;
  /** In this person's order, from 0. */
  place: number;
  given_at: string;
  seconds: number | null;
  after: Opinion;
  before: Opinion;
  /** Undo and redo are answers like others, and remembered as what they are, so that undoing goes on after a reload. */
  kind: "answer" | "undo" | "redo";
  state: "waiting" | "kept" | "refused";
  /** Why the service did not take it. */
  refusal: string;
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

/** The steps that can be undone and redone, the newest last, from the events of one round in their order. */
export function steps(events: readonly LabelEvent[]): { done: LabelEvent[]; undone: LabelEvent[] } {
  const done: LabelEvent[] = [];
  const undone: LabelEvent[] = [];
  for (const each of events) {
    if (each.state === "refused") continue;
    if (each.kind === "answer") {
      done.push(each);
      undone.length = 0;
    } else {
      const [from, to] = each.kind === "undo" ? [done, undone] : [undone, done];
      const moved = from.pop();
      if (moved) to.push(moved);
    }
  }
  return { done, undone };
}
