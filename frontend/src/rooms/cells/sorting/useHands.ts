/** What pointers do on the gallery: choose, draw a frame or a loop, carry cells to a class; mouse, pen and finger. */
import { type PointerEvent as ReactPointerEvent, type RefObject, useEffect, useRef, useState } from "react";

import type { SectionGridHandle } from "../../../grid/SectionGrid";
import type { Point } from "../../../grid/sections";
import { NOBODY, only, ranged, type Selection, together, toggled } from "./selection";

const MOUSE_MOVES_PX = 5;
const FINGER_MOVES_PX = 10;
const LONG_PRESS_MS = 380;
const EDGE_PX = 48;

export interface Hands {
  grid: RefObject<SectionGridHandle | null>;
  ghost: RefObject<HTMLDivElement | null>;
  selection: Selection;
  select: (next: Selection) => void;
  order: () => readonly string[];
  isFree: (cell: string) => boolean;
  onDrop: (cells: readonly string[], section: string) => void;
  onOpen: (cell: string) => void;
  /** Whether the next stroke draws a loop. */
  lasso: boolean;
}

export interface Shown {
  /** What is carried now. */
  carried: readonly string[];
  /** The class under the pointer. */
  target: string | undefined;
  /** A frame has two points, a loop more. */
  drawn: readonly Point[];
  isLoop: boolean;
}

const NOTHING: Shown = { carried: [], target: undefined, drawn: [], isLoop: false };
type Doing = "press" | "carry" | "frame" | "loop";

export function useHands(hands: Hands) {
  const latest = useRef(hands);
  useEffect(() => {
    latest.current = hands;
  });
  const [shown, setShown] = useState<Shown>(NOTHING);
  /** The tile that the mouse is on; a key means it, once the mouse was moved last. */
  const pointed = useRef<string>(undefined);
  const stop = useRef<() => void>(undefined);
  useEffect(() => () => stop.current?.(), []);
  // Once a finger carries or draws, the page must not scroll with it; a browser asks only those who listened before.
  const busy = useRef(false);
  const { scroller: page } = hands.grid.current ?? {};
  useEffect(() => {
    const onTouch = (event: TouchEvent) => {
      if (busy.current && event.cancelable) event.preventDefault();
    };
    page?.addEventListener("touchmove", onTouch, { passive: false });
    return () => page?.removeEventListener("touchmove", onTouch);
  }, [page]);

  const onPointerDown = (down: ReactPointerEvent<HTMLDivElement>) => {
    const target = down.target as Element;
    if (down.button !== 0 || target.closest("button, a, input") || stop.current) return;
    const { scroller } = latest.current.grid.current ?? {};
    if (!scroller || isOnScrollbar(down, scroller)) return;
    const cell = target.closest<HTMLElement>("[data-cell]")?.dataset["cell"];
    const touch = down.pointerType === "touch";
    const { lasso } = latest.current;
    const base = latest.current.selection;
    const adding = down.ctrlKey || down.metaKey || down.shiftKey || touch;
    const start = { x: down.clientX, y: down.clientY };
    let now = start;
    let doing: Doing = "press";
    let loop: Point[] = [];
    let frame = 0;
    let held: ReturnType<typeof setTimeout> | undefined;
    const from = latest.current.grid.current?.pointOf(down) ?? start;

    const carry = () => {
      if (cell === undefined || !latest.current.isFree(cell)) return;
      const { selection, isFree, select } = latest.current;
      if (!selection.chosen.has(cell)) select(only(cell));
      const carried = (selection.chosen.has(cell) ? [...selection.chosen] : [cell]).filter(isFree);
      doing = "carry";
      busy.current = true;
      if (touch) navigator.vibrate?.(15);
      setShown({ ...NOTHING, carried });
      tick();
    };
    const draw = (kind: "frame" | "loop") => {
      doing = kind;
      busy.current = true;
      loop = [from];
      tick();
    };
    const apply = () => {
      const { grid, select, ghost } = latest.current;
      const { current: handle } = grid;
      if (!handle) return;
      if (doing === "carry") {
        if (ghost.current) ghost.current.style.transform = `translate(${now.x}px, ${now.y}px)`;
        const over = document.elementFromPoint(now.x, now.y)?.closest<HTMLElement>("[data-class]")?.dataset["class"];
        setShown((before) => (before.target === over ? before : { ...before, target: over }));
        return;
      }
      const point = handle.pointOf({ clientX: now.x, clientY: now.y });
      if (doing === "loop") {
        const last = loop.at(-1);
        if (!last || Math.hypot(point.x - last.x, point.y - last.y) > 3) loop.push(point);
      } else loop = [from, point];
      const found = doing === "loop" ? handle.layout.inLoop(loop) : handle.layout.inFrame(from, point);
      select(together(adding ? base : NOBODY, found));
      setShown({ ...NOTHING, drawn: [...loop], isLoop: doing === "loop" });
    };
    /** Every frame while something is done: near an edge the page moves on under the pointer. */
    const tick = () => {
      const box = scroller.getBoundingClientRect();
      const carried = doing === "carry" && (now.y < box.top || now.y > box.bottom);
      const over = now.x >= box.left && now.x <= box.right && !carried;
      const speed = now.y < box.top + EDGE_PX ? now.y - box.top - EDGE_PX : now.y > box.bottom - EDGE_PX ? now.y - box.bottom + EDGE_PX : 0;
      if (over && speed !== 0) scroller.scrollBy(0, Math.max(-24, Math.min(24, speed / 2)));
      apply();
      frame = requestAnimationFrame(tick);
    };
    const end = () => {
      clearTimeout(held);
      cancelAnimationFrame(frame);
      window.removeEventListener("pointermove", onMove);
      window.removeEventListener("pointerup", onUp);
      window.removeEventListener("pointercancel", end);
      window.removeEventListener("keydown", onKey, true);
      busy.current = false;
      target.removeEventListener("touchmove", onTouch as EventListener);
      stop.current = undefined;
      setShown(NOTHING);
    };
    const onMove = (move: PointerEvent) => {
      if (move.pointerId !== down.pointerId) return;
      now = { x: move.clientX, y: move.clientY };
      if (doing !== "press" || Math.hypot(now.x - start.x, now.y - start.y) < (touch ? FINGER_MOVES_PX : MOUSE_MOVES_PX)) return;
      if (lasso) draw("loop");
      else if (touch) end();
      else if (cell !== undefined && !down.shiftKey) carry();
      else draw("frame");
    };
    const onUp = (up: PointerEvent) => {
      if (up.pointerId !== down.pointerId) return;
      now = { x: up.clientX, y: up.clientY };
      const did = doing;
      if (did !== "press") apply();
      const over = did === "carry" ? document.elementFromPoint(now.x, now.y)?.closest<HTMLElement>("[data-class]")?.dataset["class"] : undefined;
      end();
      const { selection, select, order, onDrop, isFree } = latest.current;
      if (did === "carry" && over !== undefined) {
        const carried = cell !== undefined && selection.chosen.has(cell) ? [...selection.chosen] : cell === undefined ? [] : [cell];
        onDrop(carried.filter(isFree), over);
      }
      if (did !== "press") return;
      if (cell === undefined) {
        if (!adding) select(NOBODY);
      } else if (down.shiftKey) select(ranged(selection, cell, order(), down.ctrlKey || down.metaKey));
      else select(adding ? toggled(selection, cell) : only(cell));
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || doing === "press") return;
      event.preventDefault();
      event.stopPropagation();
      if (doing !== "carry") latest.current.select(base);
      end();
    };
    // The tile that a finger went down on may be scrolled out of the page: its touches then reach nobody else.
    const onTouch = (event: TouchEvent) => {
      if (busy.current && event.cancelable) event.preventDefault();
    };
    target.addEventListener("touchmove", onTouch as EventListener, { passive: false });
    window.addEventListener("pointermove", onMove);
    window.addEventListener("pointerup", onUp);
    window.addEventListener("pointercancel", end);
    window.addEventListener("keydown", onKey, true);
    stop.current = end;
    if (touch && !lasso && cell !== undefined) held = setTimeout(carry, LONG_PRESS_MS);
  };

  const onPointerMove = (event: ReactPointerEvent<HTMLDivElement>) => {
    if (event.pointerType === "touch") return;
    pointed.current = (event.target as Element).closest<HTMLElement>("[data-cell]")?.dataset["cell"];
  };
  const onDoubleClick = ({ target }: { target: EventTarget }) => {
    const cell = (target as Element).closest<HTMLElement>("[data-cell]")?.dataset["cell"];
    if (cell !== undefined) latest.current.onOpen(cell);
  };
  return { shown, pointed, onPointerDown, onPointerMove, onDoubleClick };
}

const isOnScrollbar = ({ clientX, target }: { clientX: number; target: EventTarget }, scroller: HTMLElement): boolean => {
  if (target !== scroller) return false;
  const box = scroller.getBoundingClientRect();
  const inside = scroller.clientLeft + scroller.clientWidth;
  return clientX > box.left + inside || clientX < box.left + scroller.clientLeft;
};
