/** One cell in work: its history, the masks that follow from it, what lies in the browser of it, and the time spent. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";

import { type LoadedCell } from "./api";
import { begin, changed, type Edit, fresh, type History, masksOf, methodOf, read, redone, replayed, type Sources, undone, written } from "./edit";
import { outside } from "./pixels";
import type { Masks, Stroke } from "./strokes";

/** Where the slider stands where a crop has no threshold of its own. */
const MIDDLE = 128;

const keptAs = (person: string, cell: string): string => `buffycoat.mask.${person}.${cell}`;

/** What was begun and not kept before the page was closed. */
function begun(key: string): { edit: Edit; seconds: number } | undefined {
  const text = localStorage.getItem(key);
  if (text === null) return undefined;
  const split = text.indexOf(" ");
  const edit = read(text.slice(split + 1));
  return edit && { edit, seconds: Number(text.slice(0, split)) || 0 };
}

export interface MaskEdit {
  edit: Edit;
  sources: Sources;
  masks: Masks;
  /** How it was drawn, as the service names it. */
  method: string;
  /** Pixels of the nucleus outside of the cell. */
  leaving: number;
  /** How long the masks took to compute, in milliseconds. */
  took: number;
  /** The level that the slider shows: the one in use, or where it would begin. */
  level: number;
  change: (next: Edit, same?: boolean) => void;
  stroke: (stroke: Stroke) => void;
  undo: () => boolean;
  redo: () => boolean;
  undoable: boolean;
  redoable: boolean;
  seconds: () => number;
  /** Nothing of it needs to lie in the browser any more. */
  settle: () => void;
}

export function useMaskEdit(cell: LoadedCell, person: string): MaskEdit {
  const { start, extent, channel, drafted, own, beside } = cell;
  const key = keptAs(person, start.cell_id);
  const automatic = Math.floor(start.threshold ?? MIDDLE);
  const sources = useMemo<Sources>(() => ({ extent, channel, draft: drafted, own, beside }), [extent, channel, drafted, own, beside]);
  const earlier = useRef<number>(undefined);
  const [history, setHistory] = useState<History>(() => {
    const before = begun(key);
    earlier.current = before?.seconds ?? 0;
    return fresh(before?.edit ?? (start.own && replayed(start.own, sources, automatic)) ?? begin(sources, automatic));
  });
  const opened = useRef(history);
  const { now, past, gone } = history;
  const began = useRef(performance.now());
  const settled = useRef(false);
  const hiddenAt = useRef<number>(undefined);
  useEffect(() => {
    // While the page is not seen nobody draws.
    const onChange = () => {
      if (document.visibilityState === "hidden") hiddenAt.current = performance.now();
      else if (hiddenAt.current !== undefined) {
        began.current += performance.now() - hiddenAt.current;
        hiddenAt.current = undefined;
      }
    };
    document.addEventListener("visibilitychange", onChange);
    return () => document.removeEventListener("visibilitychange", onChange);
  }, []);
  const seconds = useCallback(() => (earlier.current ?? 0) + (performance.now() - began.current) / 1000, []);
  useEffect(() => {
    if (history === opened.current || settled.current) return;
    try {
      localStorage.setItem(key, `${seconds().toFixed(1)} ${written(now)}`);
    } catch {
      // A full browser keeps nobody from drawing; only a reload would lose what was drawn on this one cell.
    }
  }, [key, now, history, seconds]);
  const { masks, leaving, took } = useMemo(() => {
    const from = performance.now();
    const made = masksOf(now, sources);
    const out = start.parts.includes("nucleus") ? outside(made.nucleus, made.cell) : 0;
    return { masks: made, leaving: out, took: performance.now() - from };
  }, [now, sources, start.parts]);
  const latest = useRef(history);
  latest.current = history;
  const change = useCallback((next: Edit, same = false) => setHistory((held) => changed(held, next, same)), []);
  const stroke = useCallback((each: Stroke) => setHistory((held) => changed(held, { ...held.now, strokes: [...held.now.strokes, each] })), []);
  const go = (how: (from: History) => History | undefined) => {
    const next = how(latest.current);
    if (next) setHistory(next);
    return next !== undefined;
  };
  return {
    edit: now,
    sources,
    masks,
    method: methodOf(now, start.parts.includes("nucleus"), start.own?.method),
    leaving,
    took,
    level: now.nucleus.from === "threshold" ? now.nucleus.level : automatic,
    change,
    stroke,
    undo: () => go(undone),
    redo: () => go(redone),
    undoable: past.length > 0,
    redoable: gone.length > 0,
    seconds,
    settle: () => {
      settled.current = true;
      localStorage.removeItem(key);
    },
  };
}
