/** What a person has made of one cell: where each part began, and the strokes since. A value; undo keeps older ones. */
import { type Keep, type Mask, maskOf, thresholded } from "./pixels";
import { type Ground, type Masks, type PartName, type Stroke, stroked } from "./strokes";

/** Where a part begins: with the program's draft, what the person kept before, a threshold, or nothing. */
export type Base = { readonly from: "draft" | "own" | "none" } | { readonly from: "threshold"; readonly level: number };

export interface Edit {
  readonly nucleus: Base;
  readonly cell: Base;
  readonly keep: Keep;
  readonly fill: boolean;
  /** Pixels: smaller regions of the thresholded nucleus go. */
  readonly least: number;
  readonly strokes: readonly Stroke[];
}

/** What an edit stands on. */
export interface Sources extends Ground {
  readonly channel: Uint8Array;
  readonly draft: Partial<Masks>;
  readonly own: Partial<Masks>;
}

export interface History {
  readonly now: Edit;
  readonly past: readonly Edit[];
  readonly gone: readonly Edit[];
}

/** The draft where there is one; for the nucleus without one the threshold. What was kept before comes first. */
export function begin({ draft, own }: Pick<Sources, "draft" | "own">, level: number): Edit {
  const kept = own.nucleus !== undefined || own.cell !== undefined;
  const base = (part: PartName): Base => {
    if (kept) return { from: own[part] ? "own" : "none" };
    if (draft[part]) return { from: "draft" };
    return part === "nucleus" ? { from: "threshold", level } : { from: "none" };
  };
  return { nucleus: base("nucleus"), cell: base("cell"), keep: "lobes", fill: true, least: 0, strokes: [] };
}

function based(part: PartName, edit: Edit, sources: Sources): Mask {
  const { extent, channel, draft, own } = sources;
  const base = edit[part];
  if (base.from === "threshold") return thresholded(channel, base.level, extent, edit.keep, edit.fill, edit.least);
  const kept = base.from === "draft" ? draft[part] : base.from === "own" ? own[part] : undefined;
  return kept ?? new Uint8Array(extent.width * extent.height);
}

export function masksOf(edit: Edit, sources: Sources): Masks {
  const start: Masks = { nucleus: based("nucleus", edit, sources), cell: based("cell", edit, sources) };
  return edit.strokes.reduce<Masks>((masks, stroke) => stroked(masks, stroke, sources), start);
}

/** How a drawing was kept. */
export interface Kept {
  readonly method: string;
  readonly strokes: string;
}

const isSame = (one: Mask, other: Mask | undefined): boolean => other === undefined || one.every((pixel, at) => pixel === other[at]);

/**
 * The edit that made what was kept, so that its strokes can be undone one by one. `undefined` where none makes it to the
 * pixel: then one goes on from the kept masks themselves.
 */
export function replayed({ method, strokes }: Kept, sources: Sources, level: number): Edit | undefined {
  const { own } = sources;
  if (!own.nucleus && !own.cell) return undefined;
  const edit = strokes ? read(strokes) : method === DRAWN_BY ? begin({ draft: sources.draft, own: {} }, level) : undefined;
  if (!edit || edit.nucleus.from === "own" || edit.cell.from === "own") return undefined;
  const masks = masksOf(edit, sources);
  return isSame(masks.nucleus, own.nucleus) && isSame(masks.cell, own.cell) ? edit : undefined;
}

// ---------------------------------------------------------------- history

/** A history whose past are the strokes of an edit, one by one. */
export const fresh = (now: Edit): History => ({ now, past: now.strokes.map((_, at) => ({ ...now, strokes: now.strokes.slice(0, at) })), gone: [] });

/** `same`: the step goes on, as while a slider is dragged; it is undone as one. */
export const changed = ({ now, past }: History, next: Edit, same = false): History => ({
  now: next,
  past: same ? past : [...past, now],
  gone: [],
});

export function undone({ now, past, gone }: History): History | undefined {
  const before = past.at(-1);
  return before && { now: before, past: past.slice(0, -1), gone: [now, ...gone] };
}

export function redone({ now, past, gone }: History): History | undefined {
  const [next, ...rest] = gone;
  return next && { now: next, past: [...past, now], gone: rest };
}

// ------------------------------------------------------------ as it is kept

/** The program whose draft one begins with, and all ways to draw, as the service names them. */
const DRAWN_BY = "best";
const WAYS = [DRAWN_BY, "easy-gt", "pen"] as const;

/** How it was drawn. What goes on from a kept mask was drawn as that one was, too. */
export function methodOf({ nucleus, cell, strokes }: Edit, nucleusAsked: boolean, before = ""): string {
  const used = new Set<string>();
  const from = (base: Base["from"]) => (nucleusAsked && nucleus.from === base) || cell.from === base;
  if (from("own")) for (const way of WAYS) if (before.split("+").includes(way)) used.add(way);
  if (from("draft")) used.add(DRAWN_BY);
  if (nucleusAsked && nucleus.from === "threshold") used.add("easy-gt");
  if (strokes.length > 0 || used.size === 0) used.add("pen");
  return WAYS.filter((way) => used.has(way)).join("+");
}

export const written = (edit: Edit): string => JSON.stringify({ version: 1, ...edit });

/** An edit as it was written down; `undefined` where it is none of ours. */
export function read(text: string): Edit | undefined {
  try {
    const { version, ...edit } = JSON.parse(text) as Edit & { version: number };
    // Earlier ones have no smallest region.
    return version === 1 && Array.isArray(edit.strokes) && edit.nucleus?.from && edit.cell?.from ? { ...edit, least: edit.least ?? 0 } : undefined;
  } catch {
    return undefined;
  }
}

export { maskOf };
