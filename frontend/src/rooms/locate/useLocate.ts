/** A photograph's boxes alive: told by the service, changed here, sent behind; with undo and redo for this visit. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";

import type { Problem } from "../../api/client";
import type { Person } from "../../api/people";
import { useGet } from "../../api/resource";
import { are } from "../../offline/kinds";
import { theQueue } from "../../offline/useQueue";
import { type Act, actOf, applied, type Boxes, given, toldBy, undone } from "./boxes";

interface Step {
  acts: readonly Act[];
  back: readonly Act[];
}

export interface Locating {
  boxes: Boxes;
  /** Whether the boxes are here. */
  ready: boolean;
  mayDraw: boolean;
  side: number;
  problem: Problem | undefined;
  retry: () => void;
  /** Do something, as one step for undo. */
  act: (acts: readonly Act[]) => void;
  undo: () => boolean;
  redo: () => boolean;
  undoable: boolean;
  redoable: boolean;
}

const NONE: Boxes = new Map();

export function useLocate(field: string, person: Person | null): Locating {
  const queue = theQueue();
  const { data, problem, retry } = useGet("/api/fields/{field_id}/locate", { field_id: field });
  const [boxes, setBoxes] = useState<Boxes>(NONE);
  const [done, setDone] = useState<readonly Step[]>([]);
  const [gone, setGone] = useState<readonly Step[]>([]);
  const handle = person?.handle ?? null;
  const id = person?.id;
  /** All that was done in this visit: an answer that was under way meanwhile may not have it yet. */
  const visit = useRef<Act[]>([]);

  useEffect(() => {
    if (!data) return undefined;
    let gone = false;
    void (id === undefined ? Promise.resolve([]) : queue.ofKind(id, "box")).then((events) => {
      if (gone) return;
      // What still waits here was done after what the service tells.
      const waiting = events.filter((each) => each.field === field && each.state === "waiting");
      const acts = [...waiting.flatMap((each) => actOf(each) ?? []), ...visit.current];
      setBoxes(acts.reduce((now, act) => applied(now, act, handle), toldBy(data)));
    });
    return () => {
      gone = true;
    };
  }, [data, queue, field, id, handle]);
  useEffect(
    () =>
      queue.listen((events) => {
        // What is shown of a photograph of which an event was refused is not what holds.
        if (!are(events, "box").some((each) => each.field === field && each.state === "refused")) return;
        visit.current = [];
        retry();
      }),
    [queue, field, retry],
  );

  const latest = useRef({ boxes, done, gone });
  latest.current = { boxes, done, gone };
  const carry = useCallback(
    (acts: readonly Act[]) => {
      if (id !== undefined) void queue.give(acts.map((each) => given(each, { person: id, handle: handle ?? "", field })));
      visit.current.push(...acts);
      setBoxes((now) => acts.reduce((before, act) => applied(before, act, handle), now));
    },
    [queue, field, id, handle],
  );
  const act = useCallback(
    (acts: readonly Act[]) => {
      if (acts.length === 0) return;
      const back = undone(latest.current.boxes, acts);
      carry(acts);
      setDone((now) => [...now, { acts, back }]);
      setGone([]);
    },
    [carry],
  );
  const undo = useCallback(() => {
    const step = latest.current.done.at(-1);
    if (!step) return false;
    carry(step.back);
    setDone((now) => now.slice(0, -1));
    setGone((now) => [...now, step]);
    return true;
  }, [carry]);
  const redo = useCallback(() => {
    const step = latest.current.gone.at(-1);
    if (!step) return false;
    carry(step.acts);
    setGone((now) => now.slice(0, -1));
    setDone((now) => [...now, step]);
    return true;
  }, [carry]);

  return useMemo(
    () => ({
      boxes,
      ready: data !== undefined,
      mayDraw: data?.may_draw ?? false,
      side: data?.side ?? 0,
      problem,
      retry,
      act,
      undo,
      redo,
      undoable: done.length > 0,
      redoable: gone.length > 0,
    }),
    [boxes, data, problem, retry, act, undo, redo, done.length, gone.length],
  );
}
