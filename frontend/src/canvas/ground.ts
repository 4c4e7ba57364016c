/** How large the ground is that boxes lie on. */
import type { CellView, FieldView } from "../api/client";
import type { Size } from "./viewport";

/** Of a photograph that has neither come nor any box. */
const USUAL: Size = { width: 1600, height: 1200 };
const MARGIN = 0.05;

/** The size of a photograph; where nobody knows it, as far as the boxes reach, and a little beyond. */
export function ground({ width_px, height_px }: Pick<FieldView["field"], "width_px" | "height_px">, cells: readonly CellView[]): Size {
  if (width_px !== null && height_px !== null) return { width: width_px, height: height_px };
  if (cells.length === 0) return USUAL;
  const right = Math.max(...cells.map(({ cell }) => Math.max(cell.extent.right, cell.box.right)));
  const bottom = Math.max(...cells.map(({ cell }) => Math.max(cell.extent.bottom, cell.box.bottom)));
  const beyond = MARGIN * Math.max(right, bottom);
  return { width: Math.ceil(right + beyond), height: Math.ceil(bottom + beyond) };
}
