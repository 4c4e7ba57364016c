/** What the service tells of photographing: smears to choose from, set-ups, and how far a smear is. */
import type { Person } from "../../api/people";
import type { Counting } from "../../offline/photographs/photograph";

export interface Smear {
  id: string;
  code: string;
  site: string;
  stain: string;
  photographs: number;
  white_cells: number;
}

export interface Progress {
  smear: Smear;
  white_cells: number;
  photographs: readonly { field_id: string; white_cells: number | null; in_counting_area: Counting }[];
}

export interface PresetWish {
  name: string;
  microscope: string;
  objective_magnification: number | null;
  camera: string | null;
  adapter: string;
  micrometres_per_pixel: number | null;
  scale_source: "typed" | "stage-micrometer" | "unknown";
  quarter_turns: number;
}

export interface Preset extends PresetWish {
  id: string;
}

export interface Scale {
  micrometres_per_pixel: number;
  /** By how much parts of the picture differ, as a share. */
  spread: number;
}

export const smearsUrl = "/api/captures/smears";
export const progressUrl = (id: string): string => `${smearsUrl}/${encodeURIComponent(id)}`;
export const presetsUrl = "/api/captures/presets";
export const micrometerUrl = (division: number): string => `/api/captures/micrometer?division_um=${division}`;

/** Those who may send photographs. */
export const captures = (person: Person | null | undefined): boolean => person?.role === "expert" || person?.role === "curator" || person?.role === "admin";
