/** Pen, finger and mouse on the picture: every point that was measured becomes a stroke; palms draw nothing. */
import { type PointerEvent, useRef } from "react";

import type { Viewport } from "../../canvas/useViewport";
import { Palm } from "./palm";
import { fine, type Stroke, type Tool, type PartName } from "./strokes";

export interface Pen {
  viewport: Viewport;
  frame: React.RefObject<HTMLElement | null>;
  part: PartName;
  tool: Extract<Tool, "brush" | "erase" | "outline" | "toggle">;
  /** Radius in pixels of the picture; for `toggle` the level of the threshold. */
  size: number;
  /** Whether strokes stay off other cells. */
  off: boolean;
  moving: React.RefObject<boolean>;
  enabled: boolean;
  /** The stroke so far; `undefined` when it was given up. */
  onDraft: (stroke: Stroke | undefined) => void;
  onStroke: (stroke: Stroke) => void;
}

type Hands = Pick<Viewport["handlers"], "onPointerDown" | "onPointerMove" | "onPointerUp" | "onPointerCancel">;

export function usePen(pen: Pen): Hands {
  const palm = useRef(new Palm());
  const drawing = useRef<{ id: number; path: number[] }>(undefined);
  const { viewport } = pen;
  const { view } = viewport;
  const stroke = (path: readonly number[]): Stroke => ({
    part: pen.part,
    tool: pen.tool,
    size: pen.tool === "toggle" ? pen.size : fine(pen.size),
    path,
    ...(pen.off && pen.tool !== "erase" && pen.tool !== "toggle" ? { off: true } : {}),
  });
  /** Add a place, unless it is where the last one is. */
  const add = (path: number[], { clientX, clientY }: { clientX: number; clientY: number }) => {
    const corner = pen.frame.current?.getBoundingClientRect();
    if (!view || !corner) return;
    const x = fine((clientX - corner.left - view.x) / view.k);
    const y = fine((clientY - corner.top - view.y) / view.k);
    if (path.at(-2) !== x || path.at(-1) !== y) path.push(x, y);
  };
  const giveUp = () => {
    drawing.current = undefined;
    pen.onDraft(undefined);
  };
  const lift = (event: PointerEvent<HTMLElement>, kept: boolean) => {
    const role = palm.current.role(event.pointerId);
    palm.current.up(event.pointerId);
    if (event.pointerType === "pen") palm.current.pen(event.timeStamp);
    const { current: mine } = drawing;
    if (mine?.id === event.pointerId) {
      if (kept) {
        add(mine.path, event);
        drawing.current = undefined;
        pen.onStroke(stroke([...mine.path]));
      } else giveUp();
    }
    // A finger that drew was seated in the view, too.
    if (role === "move" || event.pointerType === "touch") (kept ? viewport.handlers.onPointerUp : viewport.handlers.onPointerCancel)(event);
  };
  return {
    onPointerDown: (event) => {
      const { pointerId, pointerType, button, timeStamp } = event;
      const role = palm.current.down({ pointerId, pointerType, button, timeStamp, moving: pen.moving.current || !pen.enabled });
      if (role === "ignore") return;
      if (role === "draw") {
        event.preventDefault();
        event.currentTarget.setPointerCapture(pointerId);
        const path: number[] = [];
        drawing.current = { id: pointerId, path };
        // A finger that draws may turn out to be the first of two that move the picture.
        if (pointerType === "touch") viewport.handlers.onPointerDown(event);
        add(path, event);
        pen.onDraft(stroke([...path]));
        return;
      }
      if (pointerType === "touch" && drawing.current && palm.current.role(drawing.current.id) === "draw") {
        palm.current.both();
        giveUp();
      }
      viewport.handlers.onPointerDown(button === 1 ? { ...event, button: 0, currentTarget: event.currentTarget } : event);
    },
    onPointerMove: (event) => {
      if (event.pointerType === "pen") palm.current.pen(event.timeStamp);
      const { current: mine } = drawing;
      if (mine?.id === event.pointerId) {
        // Pens measure more often than the screen is drawn.
        const measured = event.nativeEvent.getCoalescedEvents?.() ?? [];
        for (const each of measured.length > 0 ? measured : [event]) add(mine.path, each);
        if (event.pointerType === "touch") viewport.seat(event);
        pen.onDraft(stroke([...mine.path]));
      } else if (palm.current.role(event.pointerId) === "move") viewport.handlers.onPointerMove(event);
    },
    onPointerUp: (event) => lift(event, true),
    onPointerCancel: (event) => lift(event, false),
  };
}
