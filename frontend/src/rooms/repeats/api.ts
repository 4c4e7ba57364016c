/** What the service tells of repeats under review. */
import { address } from "../../api/client";
import type { components } from "../../api/schema";

type Schemas = components["schemas"];
export type ThresholdSheet = Schemas["ThresholdSheet"];
export type NearPair = Schemas["NearPair"];
export type PairAnswer = Schemas["PairAnswer"];
export type RepeatChange = Schemas["RepeatChange"];
export type RepeatPage = Schemas["RepeatPage"];
export type RepeatGroup = Schemas["RepeatGroup"];
export type RepeatLink = Schemas["RepeatLink"];
export type RepeatWord = Schemas["RepeatWord"];
export type CoveredPair = Schemas["CoveredPair"];
export type CoveredSide = Schemas["CoveredSide"];
export type Cleaning = Schemas["Cleaning"];
export type Lines = Schemas["Lines"];
export type Ruled = Schemas["Ruled"];
export type Way = Schemas["Way"];
export type GroupOrder = Schemas["GroupOrder"];
export type Job = Schemas["Job"];

export const answersUrl = "/api/repeats/answers";
export const applyUrl = "/api/repeats/apply";
export const rulingsUrl = "/api/repeats/rulings";
export const cleaningsUrl = "/api/repeats/cleanings";
export const AT_ONCE = 20;

export interface Looked {
  way: Way;
  smear: string | null;
  average: number | null;
  perceptual: number | null;
  correlation: number | null;
}

export const thresholdUrl = ({ way, smear, average, perceptual, correlation }: Looked): string =>
  address("/api/repeats/threshold", {}, { way, smear_id: smear, average_bits: average, perceptual_bits: perceptual, correlation });

/** What is asked for when all smears are cleaned so: the thresholds of the other way are left out. */
export const wishOf = ({ method, average_bits, perceptual_bits, correlation }: Lines): Schemas["ThresholdWish"] =>
  method === "paper" ? { method, average_bits, perceptual_bits } : { method, correlation };

export const previewUrl = (lines: Lines, smear: string | null): string =>
  address("/api/repeats/preview", {}, { ...wishOf(lines), smear_id: smear });
export const groupsUrl = (smear: string | null, order: GroupOrder, page: number): string =>
  address("/api/repeats/groups", {}, { smear_id: smear, order, offset: page * AT_ONCE, limit: AT_ONCE });
export const coveredUrl = (smear: string | null): string => address("/api/repeats/covered", {}, { smear_id: smear });
export const differenceUrl = (id: string, against: string | null): string =>
  address("/api/repeats/cleanings/{cleaning_id}/difference", { cleaning_id: id }, { against });
export const undoUrl = (id: string): string => address("/api/repeats/cleanings/{cleaning_id}/undo", { cleaning_id: id });

export const sameLines = (one: Lines, other: Lines): boolean => JSON.stringify(wishOf(one)) === JSON.stringify(wishOf(other));
