/** Disputed cells of closed rounds, as the service tells them to one who decides: never who said what. */
import { address } from "./client";
import type { Person } from "./people";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type AdjudicationView = Schemas["AdjudicationView"];
export type Decision = Schemas["Decision"];
export type DecisionGiven = Schemas["DecisionGiven"];
export type Dispute = Schemas["Dispute"];
export type DisputePage = Schemas["DisputePage"];
export type Opinion = Schemas["Opinion"];
export type ReferenceCells = Schemas["ReferenceCells"];

/** Those who may decide over rounds that they did not read in. */
export const decides = (person: Person | null | undefined): boolean =>
  person?.role === "adjudicator" || person?.role === "curator" || person?.role === "admin";

/** What of a round is to be decided: at a level, and of one pair of classes or all. */
export interface Asked {
  level: string;
  one: string | null;
  other: string | null;
}

/** Items in one request; the most that the service gives. */
export const WINDOW = 500;

export const disputesUrl = (round: string, { level, one, other }: Asked, page: number): string =>
  address("/api/adjudication/{round_id}", { round_id: round }, { level, one, other, offset: page * WINDOW, limit: WINDOW });
export const decisionsUrl = (round: string): string => address("/api/adjudication/{round_id}/decisions", { round_id: round });
export const termsUrl = (round: string): string => address("/api/adjudication/{round_id}/taxonomy", { round_id: round });
export const disputePicture = (round: string, item: string, side?: number): string =>
  address("/api/adjudication/{round_id}/items/{item}/picture", { round_id: round, item }, { side });
export const disputeAroundUrl = (round: string, item: string): string =>
  address("/api/adjudication/{round_id}/items/{item}/around", { round_id: round, item });
export const disputeAroundPicture = (round: string, item: string, width: number): string =>
  address("/api/adjudication/{round_id}/items/{item}/around/picture", { round_id: round, item }, { width });
export const referencesUrl = (round: string, item: string): string =>
  address("/api/adjudication/{round_id}/items/{item}/references", { round_id: round, item });

/** The page on which a round is decided; of one pair of classes where both are given. */
export function adjudicateAddress(round: string, { level, one, other }: Partial<Asked> = {}): string {
  const query = new URLSearchParams();
  if (level) query.set("level", level);
  if (one && other) {
    query.set("one", one);
    query.set("other", other);
  }
  const text = query.toString();
  return `/adjudicate/${encodeURIComponent(round)}${text ? `?${text}` : ""}`;
}
