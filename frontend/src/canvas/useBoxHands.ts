/** Mouse, pen and fingers on boxes: tap, move, resize, long press; two fingers and an empty place go to the view. */
import { type MouseEvent, type PointerEvent, type RefObject, useEffect, useRef, useState } from "react";

import { boxAt, type Handle, handleNear, moved, resized } from "./edit";
import { type Point, project, type Rectangle, type Size } from "./viewport";
import type { Viewport } from "./useViewport";

const SMALLEST_TARGET = 44;
const LONG_PRESS_MS = 500;
/** How far a press may slip and still be a tap. */
const SLIP = { mouse: 4, pen: 6, touch: 10 } as const;
const REACH = { mouse: 10, pen: 14, touch: 24 } as const;

type Kind = keyof typeof SLIP;
const kindOf = (event: { pointerType: string }): Kind => (event.pointerType === "mouse" || event.pointerType === "pen" ? event.pointerType : "touch");

export interface Placed {
  box: string;
  place: Rectangle;
}

/** What is under the hand right now and not yet done. */
export interface Draft extends Placed {
  /** Where the pointer is on the screen of the canvas; there only for fingers, which hide what they touch. */
  finger: Point | undefined;
}

export interface HandsWishes {
  frame: RefObject<HTMLElement | null>;
  viewport: Viewport;
  picture: Size;
  boxes: readonly Placed[];
  selected: string | undefined;
  mayDraw: boolean;
  onSelect: (box: string) => void;
  /** A tap on the box that is chosen: it is let go. */
  onLetGo: () => void;
  /** A tap where no box is; in pixels of the picture. */
  onTap: (at: Point) => void;
  onPlace: (placed: Placed) => void;
  /** A long press or the other button of the mouse, on a box; `at` on the screen of the canvas. */
  onMenu: (box: string, at: Point) => void;
}

interface Press {
  id: number;
  kind: Kind;
  from: Point;
  target: Placed | undefined;
  handle: Handle | undefined;
  editing: boolean;
  slipped: boolean;
  /** Whether the box was chosen when the press began: the focus that comes with it chooses, too. */
  chosenBefore: boolean;
}

export interface Hands {
  draft: Draft | undefined;
  /** Leave what is under the hand as it was; `true` if there was something. */
  cancel: () => boolean;
  handlers: {
    onPointerDown: (event: PointerEvent<HTMLElement>) => void;
    onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    onPointerUp: (event: PointerEvent<HTMLElement>) => void;
    onPointerCancel: (event: PointerEvent<HTMLElement>) => void;
    onContextMenu: (event: MouseEvent<HTMLElement>) => void;
  };
}

export function useBoxHands(wishes: HandsWishes): Hands {
  const { frame, viewport, picture, boxes, selected, mayDraw } = wishes;
  const [draft, setDraft] = useState<Draft>();
  const press = useRef<Press>(undefined);
  const down = useRef(new Set<number>());
  const penSeen = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const drafted = useRef<Draft>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const set = (next: Draft | undefined) => {
    drafted.current = next;
    setDraft(next);
  };
  const place = (event: { clientX: number; clientY: number }): Point => {
    const corner = frame.current?.getBoundingClientRect();
    return { x: event.clientX - (corner?.left ?? 0), y: event.clientY - (corner?.top ?? 0) };
  };
  const under = (at: Point, kind: Kind): { target: Placed | undefined; handle: Handle | undefined } => {
    const { view } = viewport;
    if (!view) return { target: undefined, handle: undefined };
    const chosen = boxes.find(({ box }) => box === selected);
    const handle = chosen && mayDraw ? handleNear(project(chosen.place, view), at, REACH[kind]) : undefined;
    if (handle) return { target: chosen, handle };
    return { target: boxAt(boxes, (each) => project(each.place, view), at, SMALLEST_TARGET), handle: undefined };
  };
  const forget = () => {
    clearTimeout(timer.current);
    press.current = undefined;
    set(undefined);
  };
  const cancel = () => {
    const something = drafted.current !== undefined;
    forget();
    return something;
  };

  return {
    draft,
    cancel,
    handlers: {
      onPointerDown: (event) => {
        const kind = kindOf(event);
        if (kind === "pen") penSeen.current = true;
        down.current.add(event.pointerId);
        viewport.handlers.onPointerDown(event);
        if (down.current.size > 1) {
          // A second finger: the view is meant, and the first one had no will of its own.
          forget();
          return;
        }
        if (event.button !== 0) return;
        const at = place(event);
        // Beside a pen, fingers and the palm only move the view.
        const palm = kind === "touch" && penSeen.current;
        const { target, handle } = palm ? { target: undefined, handle: undefined } : under(at, kind);
        press.current = { id: event.pointerId, kind, from: at, target, handle, editing: false, slipped: palm, chosenBefore: target?.box === selected };
        if (target && kind !== "mouse" && !palm) {
          timer.current = setTimeout(() => {
            if (press.current?.editing) return;
            press.current = undefined;
            wishes.onMenu(target.box, at);
          }, LONG_PRESS_MS);
        }
      },
      onPointerMove: (event) => {
        const { current: now } = press;
        if (!now || now.id !== event.pointerId) {
          viewport.handlers.onPointerMove(event);
          return;
        }
        const at = place(event);
        const by = { x: at.x - now.from.x, y: at.y - now.from.y };
        if (Math.hypot(by.x, by.y) > SLIP[now.kind]) now.slipped = true;
        if (!now.target || !mayDraw) {
          if (now.slipped) clearTimeout(timer.current);
          viewport.handlers.onPointerMove(event);
          return;
        }
        viewport.seat(event);
        if (!now.slipped || !viewport.view) return;
        clearTimeout(timer.current);
        if (!now.editing) {
          now.editing = true;
          event.currentTarget.setPointerCapture(event.pointerId);
          wishes.onSelect(now.target.box);
        }
        const { k } = viewport.view;
        const far = { x: by.x / k, y: by.y / k };
        const next = now.handle ? resized(now.target.place, now.handle, far, picture) : moved(now.target.place, far, picture);
        set({ box: now.target.box, place: next, finger: now.kind === "touch" ? at : undefined });
      },
      onPointerUp: (event) => {
        down.current.delete(event.pointerId);
        viewport.handlers.onPointerUp(event);
        const { current: now } = press;
        const { current: result } = drafted;
        if (!now || now.id !== event.pointerId) return;
        forget();
        if (result) wishes.onPlace({ box: result.box, place: result.place });
        else if (now.slipped) return;
        else if (now.target && now.target.box === selected && now.chosenBefore) wishes.onLetGo();
        else if (now.target) wishes.onSelect(now.target.box);
        else if (viewport.view) {
          const { k, x, y } = viewport.view;
          const at = { x: (now.from.x - x) / k, y: (now.from.y - y) / k };
          if (at.x >= 0 && at.y >= 0 && at.x < picture.width && at.y < picture.height) wishes.onTap(at);
        }
      },
      onPointerCancel: (event) => {
        down.current.delete(event.pointerId);
        viewport.handlers.onPointerCancel(event);
        if (press.current?.id === event.pointerId) forget();
      },
      onContextMenu: (event) => {
        event.preventDefault();
        const at = place(event);
        const { target } = under(at, "mouse");
        if (!target || drafted.current) return;
        forget();
        wishes.onMenu(target.box, at);
      },
    },
  };
}
