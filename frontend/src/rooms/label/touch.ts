/** A press that a finger makes as it lifts: browsers drop the click of a tap that follows a swipe too soon. */
import type { MouseEvent, PointerEvent } from "react";

const SAME_PRESS_MS = 700;
let touched = { at: Number.NEGATIVE_INFINITY, on: null as EventTarget | null };

const within = ({ clientX: x, clientY: y, currentTarget }: PointerEvent<HTMLElement>): boolean => {
  const { left, right, top, bottom } = currentTarget.getBoundingClientRect();
  return x >= left && x <= right && y >= top && y <= bottom;
};

/** Handlers for a button: mouse, keyboard and screen reader click; a finger acts when it lifts, and its click is no second one. */
export const pressed = (act: () => void) => ({
  onMouseDown: (event: MouseEvent) => event.preventDefault(),
  onPointerUp: (event: PointerEvent<HTMLButtonElement>) => {
    if (event.pointerType === "mouse" || event.currentTarget.disabled || !within(event)) return;
    touched = { at: event.timeStamp, on: event.currentTarget };
    act();
  },
  onClick: (event: MouseEvent) => {
    if (event.currentTarget === touched.on && event.timeStamp - touched.at < SAME_PRESS_MS) return;
    act();
  },
});
