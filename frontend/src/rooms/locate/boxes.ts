/** The boxes of a photograph and what is done to them: every act an event, and every event can be undone by another. */
import type { components } from "../../api/schema";
import { same } from "../../canvas/edit";
import type { Rectangle } from "../../canvas/viewport";
import { newId, newMoment, type Sendable } from "../../offline/events";

type Schemas = components["schemas"];
export type FieldBoxes = Schemas["FieldBoxes"];
export type LocatedBox = Schemas["LocatedBox"];
export type BoxGiven = Schemas["BoxGiven"];
export type BoxState = Schemas["BoxState"];
export type Misplaced = Schemas["Misplaced"];

export interface Held {
  box: string;
  /** The cell that it is, as far as the service has told. */
  cell: string | null;
  place: Rectangle;
  /** Where it was suggested; `null` where a person drew it. */
  suggested: Rectangle | null;
  state: BoxState;
  term: string | null;
  by: string | null;
  foundBy: string;
}

export type Boxes = ReadonlyMap<string, Held>;

/** What is asked for, before it is an event. */
export type Act =
  | { act: "add"; box: string; place: Rectangle }
  | { act: "move"; box: string; place: Rectangle }
  | { act: "remove" | "accept" | "reset"; box: string }
  | { act: "type"; box: string; term: string | null };

export const toldBy = ({ boxes }: FieldBoxes): Boxes =>
  new Map(
    boxes.map((each) => [
      each.box,
      {
        box: each.box,
        cell: each.cell ?? null,
        place: each.place,
        suggested: each.suggested ?? null,
        state: each.state,
        term: each.term ?? null,
        by: each.by ?? null,
        foundBy: each.found_by,
      },
    ]),
  );

const corners = ({ left, top, right, bottom }: Rectangle): [number, number, number, number] => [left, top, right, bottom];

/** Whose box events they are, and in which photograph. */
export interface Drawing {
  person: string;
  handle: string;
  field: string;
}

/** What is done to a box, as an event. */
export interface BoxEvent extends Sendable {
  what: "box";
  field: string;
  box: string;
  act: BoxGiven["act"];
  place: readonly [number, number, number, number] | null;
  term: string | null;
}

/** What the service is sent of an event. */
export const asGiven = ({ event, box, act, given_at, place, term }: BoxEvent): BoxGiven => ({ event, box, act, given_at, place: place && [...place], term });

export const boxEvent = ({ event, box, act, given_at, place = null, term = null }: BoxGiven, who: Drawing): BoxEvent => ({
  what: "box",
  ...who,
  ...{ event, box, act, given_at, place, term },
  state: "waiting",
  refusal: "",
});

export const given = (act: Act, who: Drawing): BoxEvent =>
  boxEvent(
    {
      event: newId(),
      box: act.box,
      act: act.act,
      given_at: newMoment(),
      place: "place" in act ? corners(act.place) : null,
      term: act.act === "type" ? act.term : null,
    },
    who,
  );

/** What was asked for, of an event that waits since an earlier page. */
export function actOf({ act, box, place, term }: BoxEvent): Act | undefined {
  if (act === "type") return { act, box, term };
  if (act !== "add" && act !== "move") return { act, box };
  if (!place) return undefined;
  const [left, top, right, bottom] = place;
  return { act, box, place: { left, top, right, bottom } };
}

const NEW = { cell: null, suggested: null, term: null, foundBy: "expert" } as const;

/** The boxes after an act; `by` is the handle of whoever acts. */
export function applied(boxes: Boxes, act: Act, by: string | null): Boxes {
  const before = boxes.get(act.box);
  const next = new Map(boxes);
  if (act.act === "add") {
    next.set(act.box, { ...NEW, ...before, box: act.box, place: act.place, state: "drawn", by });
    return next;
  }
  if (!before) return boxes;
  if (act.act === "type") next.set(act.box, { ...before, term: act.term });
  else if (act.act === "move") {
    const back = before.suggested !== null && same(before.suggested, act.place);
    next.set(act.box, { ...before, place: act.place, by, state: before.suggested === null ? "drawn" : back ? "accepted" : "moved" });
  } else {
    const state = { remove: "removed", accept: "accepted", reset: "suggested" }[act.act] as BoxState;
    next.set(act.box, { ...before, place: before.suggested ?? before.place, by, state });
  }
  return next;
}

/** The act that makes a box again what it was. */
function back(before: Held | undefined, act: Act): Act {
  const { box } = act;
  if (act.act === "type") return { act: "type", box, term: before?.term ?? null };
  if (!before) return { act: "remove", box };
  if (before.state === "suggested") return { act: "reset", box };
  if (before.state === "accepted") return { act: "accept", box };
  if (before.state === "removed") return { act: "remove", box };
  return { act: "move", box, place: before.place };
}

/** The acts that undo a step, from the boxes as they were before it. */
export function undone(boxes: Boxes, acts: readonly Act[]): Act[] {
  const backwards: Act[] = [];
  let now = boxes;
  for (const act of acts) {
    backwards.unshift(back(now.get(act.box), act));
    now = applied(now, act, null);
  }
  return backwards;
}

/** A moved box is another cell: the type that the person gave goes along. */
export function withType(boxes: Boxes, act: Act): Act[] {
  const term = boxes.get(act.box)?.term ?? null;
  return act.act === "move" && term !== null ? [act, { act: "type", box: act.box, term }] : [act];
}

/** A type says that there is a cell: what was only suggested is accepted by it. */
export function typed(boxes: Boxes, box: string, term: string | null): Act[] {
  const accept: Act[] = boxes.get(box)?.state === "suggested" && term !== null ? [{ act: "accept", box }] : [];
  return [...accept, { act: "type", box, term }];
}

export const inSight = (boxes: Boxes): Held[] => [...boxes.values()].filter(({ state }) => state !== "removed");
export const removedOnes = (boxes: Boxes): Held[] => [...boxes.values()].filter(({ state, suggested }) => state === "removed" && suggested !== null);

/** How large the boxes of a photograph are: the median of their sides, in its pixels; 0 where there is none. */
export function typicalSide(boxes: readonly Held[]): number {
  const sides = boxes.map(({ place: { left, top, right, bottom } }) => Math.round((right - left + bottom - top) / 2)).sort((a, b) => a - b);
  return sides[Math.floor((sides.length - 1) / 2)] ?? 0;
}
