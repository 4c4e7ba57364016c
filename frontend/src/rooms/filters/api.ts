/** What the service tells of color filters. */
import { address } from "../../api/client";
import type { components } from "../../api/schema";

type Schemas = components["schemas"];
export type FilterSetup = Schemas["FilterSetup"];
export type FilterWish = Schemas["FilterWish"];
export type FilterTrial = Schemas["FilterTrial"];
export type FilterSight = Schemas["FilterSight"];
export type FilterJudgement = Schemas["FilterJudgement"];
export type FilterSaving = Schemas["FilterSaving"];
export type FilterPreview = Schemas["FilterPreview"];
export type FilterUse = Schemas["FilterUse"];
export type SavedFilter = Schemas["SavedFilter"];
export type Job = Schemas["Job"];

export const trialUrl = "/api/filters/trial";
export const judgementUrl = "/api/filters/judgement";
export const saveUrl = "/api/filters";
export const previewUrl = "/api/filters/preview";
export const useUrl = "/api/filters/use";
export const fileUrl = (id: string): string => address("/api/documents/{document_id}", { document_id: id });
export const trainAddress = ({ smear_id, capture }: Pick<FilterSetup, "smear_id" | "capture">): string =>
  `/filters/${encodeURIComponent(smear_id)}/${encodeURIComponent(capture.id)}`;

/** What a set-up is called: microscope, objective and camera, as far as they are known. */
export function setupName({ capture: { microscope, camera, objective_magnification } }: Pick<FilterSetup, "capture">): string {
  const known = [microscope, objective_magnification ? `${objective_magnification}×` : "", camera];
  return known.filter((part) => part && part !== "unknown").join(", ") || "–";
}
