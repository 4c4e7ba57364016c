/** Reading rounds and their items, as the service tells them. */
import { address } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Mode = Schemas["Mode"];
export type RoundView = Schemas["RoundView"];
export type Answer = Schemas["ItemAnswer"];
export type Item = Schemas["Item"];
export type ItemPage = Schemas["ItemPage"];
export type Given = Schemas["Given"];
export type Receipt = Schemas["Receipt"];
/** Where the cell stands in its photograph, in pixels of the photograph. */
export type Around = Schemas["Around"];
export type Feedback = Schemas["Feedback"];
export type PastAnswer = Schemas["PastAnswer"];
export type History = Schemas["History"];

export const MODES: readonly Mode[] = ["blind", "count", "training", "proficiency"];

/** Items in one request; the most that the service gives. */
export const WINDOW = 500;

export const roundUrl = (round: string): string => address("/api/rounds/{round_id}", { round_id: round });
export const itemsUrl = (round: string, page: number): string =>
  address("/api/rounds/{round_id}/items", { round_id: round }, { offset: page * WINDOW, limit: WINDOW });
export const answersUrl = (round: string): string => address("/api/rounds/{round_id}/answers", { round_id: round });
/** As many of the newest events as the service gives at once: so far back goes undoing after a reload. */
export const REACH = 500;
export const historyUrl = (round: string): string => address("/api/rounds/{round_id}/history", { round_id: round }, { limit: REACH });
export const handInUrl = (round: string): string => address("/api/rounds/{round_id}/hand-in", { round_id: round });
export const closeUrl = (round: string): string => address("/api/rounds/{round_id}/close", { round_id: round });
export const itemPicture = (round: string, item: string, side?: number): string =>
  address("/api/rounds/{round_id}/items/{item}/picture", { round_id: round, item }, { side });
export const aroundUrl = (round: string, item: string): string =>
  address("/api/rounds/{round_id}/items/{item}/around", { round_id: round, item });
export const aroundPicture = (round: string, item: string, width: number): string =>
  address("/api/rounds/{round_id}/items/{item}/around/picture", { round_id: round, item }, { width });
