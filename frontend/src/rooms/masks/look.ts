/** The colors of overlays as a person chose them on the masks screen; other overlays are drawn alike. */
import { type Look, PALETTES } from "./paint";

export const LOOK = "buffycoat.masks.look";
const USUAL: Look = { palette: "yellowBlue", pattern: false, veil: true };

export function keptLook(): Look {
  try {
    const held = JSON.parse(localStorage.getItem(LOOK) ?? "{}") as Partial<Look>;
    return { ...USUAL, ...held, palette: held.palette && held.palette in PALETTES ? held.palette : USUAL.palette };
  } catch {
    return USUAL;
  }
}
