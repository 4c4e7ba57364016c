/** A release of four cells in two files; for tests only. */
import { Cells, type About, type Chunk } from "./data";

export const FACETS = ["class", "standing", "split", "smear", "stain", "diagnosis", "microscope", "camera", "masks", "pixels", "sharpness"];
const VALUES: Record<string, string[]> = {
  class: ["basophil", "monocyte", ""],
  standing: ["agreed", "disputed"],
  split: ["train", ""],
  smear: ["s1", "s2"],
  masks: ["nucleus+cell", ""],
  pixels: ["crop", ""],
  sharpness: ["1", "2", ""],
};

export const about = {
  version: "v1",
  manifest: "f".repeat(64),
  taxonomy: "raabin@2",
  words: { basophil: "basophil", "lymphocyte.small": "small lymphocyte" },
  facets: FACETS.map((name) => ({ name, values: VALUES[name] ?? ["giemsa"] })),
  bounds: [20.5],
  said: [["basophil", "basophil"], ["basophil", "monocyte"], ["monocyte", null]],
  answered: [3, 1, 0],
  chunks: 2,
} as unknown as About;

const NOTHING = [0, 0, 0, 0];
export function chunk(cells: { id: string; label: number; smear: number; crop: boolean }[]): Chunk {
  const column = (name: string, code: (cell: (typeof cells)[number]) => number) => ({ name, code });
  const columns = [
    column("class", (cell) => cell.label),
    column("standing", (cell) => (cell.label === 2 ? 1 : 0)),
    column("split", (cell) => (cell.label === 2 ? 1 : 0)),
    column("smear", (cell) => cell.smear),
    ...NOTHING.map((zero) => column("one", () => zero)),
    column("masks", () => 1),
    column("pixels", (cell) => (cell.crop ? 0 : 1)),
    column("sharpness", (cell) => (cell.crop ? 0 : 2)),
  ];
  return {
    id: cells.map(({ id }) => id),
    field: cells.map(() => 0),
    box: cells.flatMap((_, at) => [at, 10, at + 100, 110]),
    term: cells.map(({ label }) => (label === 2 ? null : "basophil")),
    said: cells.map(({ label }) => (label === 2 ? 1 : 0)),
    sharp: cells.map(({ crop }) => (crop ? 12.5 : null)),
    fields: [["f1", 800, 600, "images/train/f1.jpg", 100, null, false]],
    facets: columns.map(({ code }) => cells.map(code)),
  };
}

export function all(): Cells {
  const cells = new Cells(about);
  cells.take(0, chunk([{ id: "c1", label: 0, smear: 0, crop: true }, { id: "c2", label: 1, smear: 1, crop: true }]));
  cells.take(1, chunk([{ id: "c3", label: 0, smear: 1, crop: false }, { id: "c4", label: 2, smear: 1, crop: false }]));
  return cells;
}
