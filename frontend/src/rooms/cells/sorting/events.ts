/** A label of the gallery as an event: made once, kept on this device, sent until the service has it, never changed. */
import type { components } from "../../../api/schema";
import type { Sendable } from "../../../offline/events";

export type GalleryGiven = components["schemas"]["GalleryGiven"];
export type Arrangement = components["schemas"]["Arrangement"];

/** Cells without a class stand under this one, first of all. */
export const NO_CLASS = "";

/** Under which class a cell is shown, and whether because this person said so. */
export interface Place {
  at: string;
  mine: boolean;
}

export interface GalleryEvent extends Sendable {
  what: "label";
  /** What was done in one go is undone in one go. */
  batch: string;
  cell: string;
  taxonomy: string;
  look: "gallery" | "page";
  from: Place;
  to: Place;
  /** Undo and redo are labels like others, and remembered as what they are, so that undoing goes on after a reload. */
  kind: "label" | "undo" | "redo";
}

export const asGiven = ({ event, cell, taxonomy, given_at, look, to }: GalleryEvent): GalleryGiven => ({
  event,
  cell,
  term: to.mine ? to.at : null,
  taxonomy,
  given_at,
  look,
});

export type Batch = readonly GalleryEvent[];

/** What can be undone and redone, the newest last, from all events of one person in their order. */
export function steps(events: readonly GalleryEvent[]): { done: Batch[]; undone: Batch[] } {
  const batches = new Map<string, GalleryEvent[]>();
  for (const each of events) {
    if (each.state === "refused") continue;
    const batch = batches.get(each.batch);
    if (batch) batch.push(each);
    else batches.set(each.batch, [each]);
  }
  const done: Batch[] = [];
  const undone: Batch[] = [];
  for (const batch of batches.values()) {
    const kind = batch[0]?.kind;
    if (kind === "label") {
      done.push(batch);
      undone.length = 0;
    } else {
      const [from, to] = kind === "undo" ? [done, undone] : [undone, done];
      const moved = from.pop();
      if (moved) to.push(moved);
    }
  }
  return { done, undone };
}
