/** A decision over a disputed cell as an event of this device. */
import type { DecisionGiven } from "../../api/adjudication";
import type { Sendable } from "../../offline/events";

export interface DecisionEvent extends Sendable {
  what: "decision";
  round: string;
  item: string;
  /** `null` takes back what this person decided. */
  term: string | null;
  reason: string;
  seconds: number | null;
}

/** Who decides, and in which round. */
export interface Judging {
  person: string;
  handle: string;
  round: string;
}

export const decisionEvent = ({ event, item, term = null, reason = "", given_at, seconds = null }: DecisionGiven, who: Judging): DecisionEvent => ({
  what: "decision",
  ...who,
  ...{ event, item, term, reason, given_at, seconds },
  state: "waiting",
  refusal: "",
});

export const asGiven = ({ event, item, term, reason, given_at, seconds }: DecisionEvent): DecisionGiven => ({ event, item, term, reason, given_at, seconds });
