/** The boxes that somebody draws to train a filter, by photograph; each change can be undone. */
import { same } from "../../canvas/edit";
import type { Rectangle } from "../../canvas/viewport";

export const MOST_FIELDS = 10;
const MOST_UNDONE = 100;

export interface DraftBox {
  box: string;
  place: Rectangle;
}
export type Boxes = Readonly<Record<string, readonly DraftBox[]>>;
export interface Draft {
  readonly boxes: Boxes;
  readonly past: readonly Boxes[];
}

export const empty: Draft = { boxes: {}, past: [] };

const step = (draft: Draft, boxes: Boxes): Draft => ({ boxes, past: [...draft.past, draft.boxes].slice(-MOST_UNDONE) });
const of = (draft: Draft, field: string): readonly DraftBox[] => draft.boxes[field] ?? [];

/** Photographs that have a box. */
export const boxed = (boxes: Boxes): string[] => Object.keys(boxes).filter((field) => (boxes[field] ?? []).length > 0);
export const total = (boxes: Boxes): number => Object.values(boxes).reduce((sum, each) => sum + each.length, 0);
/** Whether a photograph may get its first box, or another one. */
export const hasRoom = (boxes: Boxes, field: string): boolean => (boxes[field]?.length ?? 0) > 0 || boxed(boxes).length < MOST_FIELDS;

export const added = (draft: Draft, field: string, box: DraftBox): Draft => step(draft, { ...draft.boxes, [field]: [...of(draft, field), box] });

export function placed(draft: Draft, field: string, box: string, place: Rectangle): Draft {
  const before = of(draft, field).find((each) => each.box === box);
  if (!before || same(before.place, place)) return draft;
  return step(draft, { ...draft.boxes, [field]: of(draft, field).map((each) => (each.box === box ? { box, place } : each)) });
}

export const removed = (draft: Draft, field: string, box: string): Draft =>
  step(draft, { ...draft.boxes, [field]: of(draft, field).filter((each) => each.box !== box) });

export const cleared = (draft: Draft): Draft => (total(draft.boxes) === 0 ? draft : step(draft, {}));

/** Boxes that are there already, but for those whose middle lies in a box that is drawn, and those that leave the picture. */
export function taken(draft: Draft, field: string, found: readonly DraftBox[], picture: { width: number; height: number }): Draft {
  const drawn = of(draft, field);
  const fresh = found.filter(({ place: { left, top, right, bottom } }) => {
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    const inside = left >= 0 && top >= 0 && right <= picture.width && bottom <= picture.height;
    return inside && !drawn.some(({ place }) => x >= place.left && x < place.right && y >= place.top && y < place.bottom);
  });
  return fresh.length === 0 ? draft : step(draft, { ...draft.boxes, [field]: [...drawn, ...fresh] });
}

export function undone(draft: Draft): Draft {
  const before = draft.past.at(-1);
  return before ? { boxes: before, past: draft.past.slice(0, -1) } : draft;
}

/** As the service takes them. */
export const asSent = (boxes: Boxes): { field_id: string; boxes: [number, number, number, number][] }[] =>
  boxed(boxes).map((field) => ({
    field_id: field,
    boxes: (boxes[field] ?? []).map(({ place: { left, top, right, bottom } }) => [left, top, right, bottom]),
  }));

const isRectangle = (place: unknown): place is Rectangle =>
  typeof place === "object" && place !== null && ["left", "top", "right", "bottom"].every((edge) => Number.isInteger((place as Record<string, unknown>)[edge]));

/** What a tab had before it was loaded again; nothing where that is no longer to be read. */
export function recalled(text: string | null): Draft {
  if (!text) return empty;
  try {
    const held: unknown = JSON.parse(text);
    const rows = Object.entries(held as Record<string, DraftBox[]>);
    const sound = rows.every(([, boxes]) => boxes.every(({ box, place }) => typeof box === "string" && isRectangle(place)));
    return sound ? { boxes: Object.fromEntries(rows), past: [] } : empty;
  } catch {
    return empty;
  }
}
