/** What the service tells of masks, and how a cell's pixels are fetched. */
import { address, cellPicture, Failure, getJson } from "../../api/client";
import type { components } from "../../api/schema";
import { type Extent, type Mask, maskOf } from "./pixels";
import type { Masks } from "./strokes";

type Schemas = components["schemas"];
export type MaskSet = Schemas["MaskSet"];
export type MaskSheet = Schemas["MaskSheet"];
export type MaskTask = Schemas["MaskTask"];
export type MaskStart = Schemas["MaskStart"];
export type MaskDraft = Schemas["MaskDraft"];
export type MaskGiven = Schemas["MaskGiven"];
export type PairDice = Schemas["PairDice"];
export type MaskWish = Schemas["MaskWish"];
export type WhyFailed = Schemas["WhyFailed"];

export const setsUrl = "/api/masks";
export const chooseUrl = "/api/masks/selections";
export const sheetUrl = (id: string): string => address("/api/masks/{selection_id}", { selection_id: id });
export const comparisonUrl = (cell: string): string => address("/api/masks/cells/{cell_id}/comparison", { cell_id: cell });
export const masksAddress = (selection: string, cell?: string): string =>
  `/masks/${encodeURIComponent(selection)}${cell ? `?cell=${encodeURIComponent(cell)}` : ""}`;
export const maskAddressOf = (cell: string): string => `/masks/cell/${encodeURIComponent(cell)}`;

/** All of one cell: what the service tells, its picture, and the masks to start from. */
export interface LoadedCell {
  start: MaskStart;
  extent: Extent;
  channel: Uint8Array;
  picture: ImageBitmap;
  draft: MaskDraft;
  drafted: Partial<Masks>;
  own: Partial<Masks>;
  /** Where other cells lie. */
  beside: Mask | undefined;
}

async function bytes(url: string): Promise<ArrayBuffer> {
  const answer = await fetch(url).catch(() => undefined);
  if (!answer?.ok) {
    const code = answer ? "broken" : "offline";
    throw new Failure({ type: "about:blank", title: "", status: answer?.status ?? 0, detail: "", code, hint: "" });
  }
  return answer.arrayBuffer();
}

function masksOf(nucleus: readonly number[] | null | undefined, cell: readonly number[] | null | undefined, extent: Extent): Partial<Masks> {
  return { ...(nucleus ? { nucleus: maskOf(nucleus, extent) } : {}), ...(cell ? { cell: maskOf(cell, extent) } : {}) };
}

export async function loadCell(id: string): Promise<LoadedCell> {
  const parts = { cell_id: id };
  const [start, channel, draft, picture] = await Promise.all([
    getJson<MaskStart>(address("/api/masks/cells/{cell_id}", parts)),
    bytes(address("/api/masks/cells/{cell_id}/channel", parts)),
    getJson<MaskDraft>(address("/api/masks/cells/{cell_id}/draft", parts)),
    bytes(cellPicture(id)).then((content) => createImageBitmap(new Blob([content]))),
  ]);
  const extent = { width: start.width_px, height: start.height_px };
  const asked = (part: "nucleus" | "cell") => start.parts.includes(part);
  return {
    start,
    extent,
    channel: new Uint8Array(channel),
    picture,
    draft,
    drafted: masksOf(asked("nucleus") ? draft.nucleus : null, draft.cell, extent),
    own: masksOf(start.own?.nucleus, start.own?.cell, extent),
    beside: draft.beside ? maskOf(draft.beside, extent) : undefined,
  };
}

/** Cells that are here or on their way: the next ones are fetched, and drawn by the service, while one is looked at. */
export class Cells {
  private readonly known = new Map<string, Promise<LoadedCell>>();

  constructor(private readonly most = 8) {}

  get(id: string): Promise<LoadedCell> {
    const here = this.known.get(id) ?? loadCell(id);
    this.known.delete(id);
    this.known.set(id, here);
    here.catch(() => this.known.delete(id));
    const oldest = this.known.keys().next().value;
    if (this.known.size > this.most && oldest !== undefined) this.forget(oldest);
    return here;
  }

  /** What was kept is told anew when one comes back. */
  forget(id: string): void {
    this.known.delete(id);
  }
}
