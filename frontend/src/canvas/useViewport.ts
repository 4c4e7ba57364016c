/** A picture under wheel, drag, pinch and keys. */
import { type PointerEvent, type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

import { clamp, fit, pan, type Point, reveal, type Rectangle, show, type Size, type View, zoom } from "./viewport";

const STEP = 1.5;
const DRAG_STARTS = 4;

export interface Viewport {
  view: View | undefined;
  dragging: boolean;
  /** Whether the press that just ended moved the picture, so that it is no click. */
  dragged: () => boolean;
  zoomIn: () => void;
  zoomOut: () => void;
  fit: () => void;
  show: (box: Rectangle) => void;
  reveal: (box: Rectangle) => void;
  /** Say where a pointer that is down is now, without moving the picture: it did something else until here. */
  seat: (event: { pointerId: number; clientX: number; clientY: number }) => void;
  handlers: {
    onPointerDown: (event: PointerEvent<HTMLElement>) => void;
    onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    onPointerUp: (event: PointerEvent<HTMLElement>) => void;
    onPointerCancel: (event: PointerEvent<HTMLElement>) => void;
  };
}

export function useViewport(frame: RefObject<HTMLElement | null>, picture: Size): Viewport {
  const { width, height } = picture;
  const [screen, setScreen] = useState<Size>();
  const [view, setView] = useState<View>();
  const [dragging, setDragging] = useState(false);
  const pointers = useRef(new Map<number, Point>());
  const moved = useRef(0);
  // Until a person moves it, the picture stays fitted when the window changes.
  const fitted = useRef(true);

  useLayoutEffect(() => {
    const { current: element } = frame;
    if (!element) return undefined;
    const measure = () => setScreen({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame]);

  useLayoutEffect(() => {
    if (!screen) return;
    setView((now) => (now && !fitted.current ? clamp(now, screen, { width, height }) : fit(screen, { width, height })));
  }, [screen, width, height]);

  useEffect(() => {
    fitted.current = true;
  }, [width, height]);

  const change = useCallback(
    (how: (now: View, room: Size, size: Size) => View) => {
      if (!screen) return;
      fitted.current = false;
      setView((now) => (now ? how(now, screen, { width, height }) : now));
    },
    [screen, width, height],
  );
  const zoomAt = useCallback(
    (factor: number, at?: Point) =>
      change((now, room, size) => zoom(now, factor, at ?? { x: room.width / 2, y: room.height / 2 }, room, size)),
    [change],
  );

  const place = useCallback(
    (event: { clientX: number; clientY: number }): Point => {
      const corner = frame.current?.getBoundingClientRect();
      return { x: event.clientX - (corner?.left ?? 0), y: event.clientY - (corner?.top ?? 0) };
    },
    [frame],
  );

  useEffect(() => {
    const { current: element } = frame;
    if (!element) return undefined;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * 20;
      zoomAt(Math.exp(-Math.max(-200, Math.min(200, lines)) * (event.ctrlKey ? 0.01 : 0.0025)), place(event));
    };
    // React listens passively, which could not keep the page from scrolling.
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [frame, place, zoomAt]);

  const lift = (event: PointerEvent<HTMLElement>) => {
    pointers.current.delete(event.pointerId);
    if (pointers.current.size === 0) setDragging(false);
  };

  return {
    view,
    dragging,
    dragged: () => moved.current >= DRAG_STARTS,
    zoomIn: () => zoomAt(STEP),
    zoomOut: () => zoomAt(1 / STEP),
    fit: () => {
      fitted.current = true;
      if (screen) setView(fit(screen, picture));
    },
    show: useCallback((box: Rectangle) => change((_, room, size) => show(box, 0.4, room, size)), [change]),
    reveal: useCallback((box: Rectangle) => change((now, room, size) => reveal(now, box, room, size)), [change]),
    seat: (event) => {
      if (pointers.current.has(event.pointerId)) pointers.current.set(event.pointerId, place(event));
    },
    handlers: {
      onPointerDown: (event) => {
        if (event.button !== 0) return;
        if (pointers.current.size === 0) moved.current = 0;
        pointers.current.set(event.pointerId, place(event));
      },
      onPointerMove: (event) => {
        const before = pointers.current.get(event.pointerId);
        if (!before) return;
        const now = place(event);
        const others = [...pointers.current].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
        pointers.current.set(event.pointerId, now);
        moved.current += Math.hypot(now.x - before.x, now.y - before.y);
        if (moved.current < DRAG_STARTS) return;
        // Captured late, so that a press without movement stays a click on the box below it.
        if (!dragging) {
          event.currentTarget.setPointerCapture(event.pointerId);
          setDragging(true);
        }
        const [other] = others;
        if (!other) {
          change((view_, room, size) => pan(view_, { x: now.x - before.x, y: now.y - before.y }, room, size));
          return;
        }
        const apart = Math.hypot(now.x - other.x, now.y - other.y);
        const apartBefore = Math.hypot(before.x - other.x, before.y - other.y);
        const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
        const shift = { x: (now.x - before.x) / 2, y: (now.y - before.y) / 2 };
        change((view_, room, size) => pan(zoom(view_, apart / Math.max(apartBefore, 1), middle, room, size), shift, room, size));
      },
      onPointerUp: lift,
      onPointerCancel: lift,
    },
  };
}
