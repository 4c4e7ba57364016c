/** A mask that was kept, or that there is none, as an event of this device. */
import type { Sendable } from "../../offline/events";
import type { MaskGiven } from "./api";

export interface MaskEvent extends Sendable, MaskGiven {
  what: "mask";
}

export interface Drawer {
  person: string;
  handle: string;
}

export const maskEvent = (given: MaskGiven, who: Drawer): MaskEvent => ({ what: "mask", ...who, ...asGiven(given), state: "waiting", refusal: "" });

export const asGiven = ({ event, cell, given_at, method, threshold, strokes, seconds, nucleus, cell_mask, failure }: MaskGiven): MaskGiven => ({
  ...{ event, cell, given_at, method, threshold, strokes, seconds },
  ...{ nucleus, cell_mask, failure },
});
