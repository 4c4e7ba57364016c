/** Small values of the service's types, for tests. */
import type { CellView, FieldView, Funnel, Release, Scorecard } from "./api/client";

export const funnel: Funnel = {
  smear: { id: "s1", code: "N-001", stain: "giemsa", diagnosis: "normal", site: "lab", sex: "unknown", age_band: "unknown", simulated: true },
  photographs: 3,
  crop_only: 0,
  elements: 10,
  repeats: 4,
  covered: 1,
  kept: 6,
};

export function fieldView(id: string, over: Partial<FieldView> = {}): FieldView {
  return {
    field: {
      id,
      smear_id: "s1",
      capture_id: "k1",
      received: "r",
      digest: "d",
      pixels: "p",
      media_type: "image/jpeg",
      quarter_turns: 0,
      width_px: 1600,
      height_px: 1200,
      red_cell_diameter_px: null,
      quality: { focus: 12.5, brightness: 0.5, clipped_dark: 0, clipped_bright: 0.01, cast_red: 1, cast_blue: 1 },
      exif: {},
      icc_profile: null,
      stripped: ["GPS"],
      origin: null,
      crop_only: false,
      ingested_at: "2026-11-22T12:00:00Z",
      run_id: "r1",
    },
    capture: { id: "k1", microscope: "Olympus CX18", camera: "unknown", scale_source: "unknown", quarter_turns: 0 },
    cells: 2,
    covered_by: null,
    in_counting_area: "unsaid",
    ...over,
  };
}

export function cellView(id: string, left: number, over: Partial<CellView> = {}): CellView {
  const extent = { left, top: 100, right: left + 80, bottom: 180 };
  return {
    cell: {
      id,
      field_id: "f1",
      extent,
      box: { left: left - 40, top: 60, right: left + 120, bottom: 220 },
      score: 0.9,
      found_by: "color-filter",
      agreed: [],
      crop: "c",
      sharpness: 20,
      average_hash: "0",
      perceptual_hash: "0",
      run_id: "r1",
    },
    smear_id: "s1",
    kept: true,
    group: null,
    consensus: null,
    ...over,
  };
}

export const scorecard: Scorecard = {
  id: "k1",
  release_id: "unknown-release",
  recipe: "features-svm",
  split: "test-A",
  terms: ["a", "b"],
  confusion: [
    [3, 1],
    [0, 4],
  ],
  accuracy: 0.875,
  balanced_accuracy: 0.8751,
  interval: [0.81, 0.93],
  baseline: 0.5,
  per_term: {},
  run_id: "r1",
};

export const release: Release = {
  id: "r1",
  version: "1.0",
  taxonomy: "raabin@1",
  level: "five-class",
  license: "CC BY 4.0",
  counts: { train: { monocyte: 3 }, "test-A": { monocyte: 1 } },
  splits: { assignment: {}, rule: "film", seed: 0, unit: "smear", removed: [] },
  files: [],
  manifest: "m",
  simulated: false,
  sealed_at: "2026-11-22T12:00:00Z",
  run_id: "r1",
  about: {
    title: "",
    license: "",
    terms_of_use: "Ask the laboratory.",
    ethics: "",
    contributors: [],
    citation: "",
    contact: "",
    description: "",
    published: "",
    url: "",
  },
  contents: null,
  formats: [],
  leaks: {},
};
