/** What a person has made of one cell: where each part began, and the strokes since. A value; undo keeps older ones. */
import { type Extent, type Keep, type Mask, maskOf, thresholded } from "./pixels";
import { type Masks, type PartName, type Stroke, stroked } from "./strokes";

/** Where a part begins: with the program's draft, what the person kept before, a threshold, or nothing. */
export type Base = { readonly from: "draft" | "own" | "none" } | { readonly from: "threshold"; readonly level: number };

export interface Edit {
  readonly nucleus: Base;
  readonly cell: Base;
  readonly keep: Keep;
  readonly fill: boolean;
  readonly strokes: readonly Stroke[];
}

/** What an edit stands on. */
export interface Sources {
  readonly extent: Extent;
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
  return { nucleus: base("nucleus"), cell: base("cell"), keep: "lobes", fill: true, strokes: [] };
}

function based(part: PartName, edit: Edit, sources: Sources): Mask {
  const { extent, channel, draft, own } = sources;
  const base = edit[part];
  if (base.from === "threshold") return thresholded(channel, base.level, extent, edit.keep, edit.fill);
  const kept = base.from === "draft" ? draft[part] : base.from === "own" ? own[part] : undefined;
  return kept ?? new Uint8Array(extent.width * extent.height);
}

export function masksOf(edit: Edit, sources: Sources): Masks {
  const start: Masks = { nucleus: based("nucleus", edit, sources), cell: based("cell", edit, sources) };
  return edit.strokes.reduce<Masks>((masks, stroke) => stroked(masks, stroke, sources.extent, sources.channel), start);
}

// ---------------------------------------------------------------- history

export const fresh = (now: Edit): History => ({ now, past: [], gone: [] });

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

/** How it was drawn, as the service names it. */
export function methodOf({ nucleus, cell, strokes }: Edit, nucleusAsked: boolean): string {
  const used = new Set<string>();
  if ((nucleusAsked && nucleus.from === "draft") || cell.from === "draft") used.add("best");
  if (nucleusAsked && nucleus.from === "threshold") used.add("easy-gt");
  if (strokes.length > 0 || used.size === 0) used.add("pen");
  return [...used].join("+");
}

export const written = (edit: Edit): string => JSON.stringify({ version: 1, ...edit });

/** An edit as it was written down; `undefined` where it is none of ours. */
export function read(text: string): Edit | undefined {
  try {
    const { version, ...edit } = JSON.parse(text) as Edit & { version: number };
    return version === 1 && Array.isArray(edit.strokes) && edit.nucleus?.from && edit.cell?.from ? edit : undefined;
  } catch {
    return undefined;
  }
}

export { maskOf };
