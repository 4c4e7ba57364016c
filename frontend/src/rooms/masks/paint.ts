/** Masks over a picture: a line around each part, a veil in it, or a pattern for those who tell colors badly apart. */
import type { Extent, Mask } from "./pixels";
import type { Masks } from "./strokes";

/** Red, green, blue of nucleus and cell. Pairs that people with any color vision tell apart, also on purple. */
export const PALETTES = {
  yellowBlue: { nucleus: [240, 228, 66], cell: [86, 180, 233] },
  greenOrange: { nucleus: [0, 230, 160], cell: [230, 159, 0] },
  whiteBlack: { nucleus: [255, 255, 255], cell: [0, 0, 0] },
} as const;
export type Palette = keyof typeof PALETTES;

export interface Look {
  readonly palette: Palette;
  readonly pattern: boolean;
  readonly veil: boolean;
}

const VEIL = 0.3;
const STRIPES = 0.75;
const EVERY = 7;

const packed = ([red, green, blue]: readonly [number, number, number], alpha: number): number =>
  ((Math.round(255 * alpha) << 24) | (blue << 16) | (green << 8) | red) >>> 0;

/** Over other cells, where they are locked: lines, so that the picture stays to be seen. */
const LOCKED = packed([0, 0, 0], 0.45);

/** Fill the pixels of a picture of the same size: little-endian RGBA, as every browser has it today. `locked`: other cells. */
export function paint(into: Uint32Array, { nucleus, cell }: Masks, { width, height }: Extent, look: Look, locked?: Mask): void {
  const colors = PALETTES[look.palette];
  const [inner, innerVeil] = [packed(colors.nucleus, 1), packed(colors.nucleus, look.pattern ? STRIPES : VEIL)];
  const [outer, outerVeil] = [packed(colors.cell, 1), packed(colors.cell, look.pattern ? STRIPES : VEIL)];
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, at += 1) {
      const inNucleus = nucleus[at];
      const inCell = cell[at];
      if (!inNucleus && !inCell) {
        into[at] = locked?.[at] && (x + y) % EVERY < 2 ? LOCKED : 0;
        continue;
      }
      const side = x === 0 || y === 0 || x === width - 1 || y === height - 1;
      if (inNucleus && (side || !(nucleus[at - 1] && nucleus[at + 1] && nucleus[at - width] && nucleus[at + width]))) into[at] = inner;
      else if (inCell && (side || !(cell[at - 1] && cell[at + 1] && cell[at - width] && cell[at + width]))) into[at] = outer;
      else if (!look.veil) into[at] = 0;
      else if (inNucleus) into[at] = look.pattern && (x + y) % EVERY > 1 ? 0 : innerVeil;
      else into[at] = look.pattern && (x - y + EVERY * height) % EVERY > 1 ? 0 : outerVeil;
    }
  }
}
