/** One's own answers beside the panel's, and cells to compare with, as the service tells them. */
import type { components } from "./schema";

type Schemas = components["schemas"];
export type OwnReading = Schemas["OwnReading"];
export type Differing = Schemas["Differing"];
export type Twice = Schemas["Twice"];
export type Score = Schemas["Score"];
export type Share = Schemas["Share"];
export type Learned = Schemas["Learned"];
export type LearnerScore = Schemas["LearnerScore"];
export type References = Schemas["References"];

export const mineAddress = (round: string): string => `/rounds/${encodeURIComponent(round)}/mine`;
export const LEARNED = "/learned";
export const LEARNERS = "/learners";
/** Rounds that try people, not cells. */
export const tries = (mode: string): boolean => mode === "training" || mode === "proficiency";
