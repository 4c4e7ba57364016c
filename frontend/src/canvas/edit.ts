/** Boxes under the hand: moving, resizing by a handle, hitting. Pure arithmetic in pixels of the picture. */
import type { Point, Rectangle, Size } from "./viewport";

/** A box is at least as wide and as high; the service refuses smaller ones. */
export const SMALLEST = 8;

/** Which edges a handle pulls: -1 the left or top one, 1 the right or bottom one, 0 neither. */
export interface Handle {
  x: -1 | 0 | 1;
  y: -1 | 0 | 1;
}

export const HANDLES: readonly Handle[] = [
  { x: -1, y: -1 },
  { x: 0, y: -1 },
  { x: 1, y: -1 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
  { x: 0, y: 1 },
  { x: -1, y: 1 },
  { x: -1, y: 0 },
];

const within = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), Math.max(low, high));

/** Whole pixels, nothing else changed. */
const whole = ({ left, top, right, bottom }: Rectangle): Rectangle => ({
  left: Math.round(left),
  top: Math.round(top),
  right: Math.round(right),
  bottom: Math.round(bottom),
});

/** Move a box as far as its picture goes; its size stays. */
export function moved(box: Rectangle, by: Point, picture: Size): Rectangle {
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  const left = within(Math.round(box.left + by.x), 0, picture.width - width);
  const top = within(Math.round(box.top + by.y), 0, picture.height - height);
  return { left, top, right: left + width, bottom: top + height };
}

/** Pull the edges of a handle; they go neither beyond the picture nor past the edge opposite. */
export function resized(box: Rectangle, handle: Handle, by: Point, picture: Size): Rectangle {
  const next = { ...box };
  if (handle.x < 0) next.left = within(box.left + by.x, 0, box.right - SMALLEST);
  if (handle.x > 0) next.right = within(box.right + by.x, box.left + SMALLEST, picture.width);
  if (handle.y < 0) next.top = within(box.top + by.y, 0, box.bottom - SMALLEST);
  if (handle.y > 0) next.bottom = within(box.bottom + by.y, box.top + SMALLEST, picture.height);
  return whole(next);
}

/** Make a box larger, or smaller, by so many pixels on every side; the middle stays where the picture allows it. */
export function grown(box: Rectangle, by: number, picture: Size): Rectangle {
  const narrow = Math.min(box.right - box.left, box.bottom - box.top);
  const real = Math.max(by, Math.ceil((SMALLEST - narrow) / 2));
  return {
    left: Math.max(box.left - real, 0),
    top: Math.max(box.top - real, 0),
    right: Math.min(box.right + real, picture.width),
    bottom: Math.min(box.bottom + real, picture.height),
  };
}

/** The square of a side around a point, moved into the picture where it would leave it. */
export function put(at: Point, side: number, picture: Size): Rectangle {
  const length = Math.max(SMALLEST, Math.min(side, picture.width, picture.height));
  const left = Math.round(at.x - length / 2);
  const top = Math.round(at.y - length / 2);
  return moved({ left, top, right: left + length, bottom: top + length }, { x: 0, y: 0 }, picture);
}

export const same = (a: Rectangle, b: Rectangle): boolean =>
  a.left === b.left && a.top === b.top && a.right === b.right && a.bottom === b.bottom;

/** Where a handle of a box stands. */
export const handleAt = (box: Rectangle, { x, y }: Handle): Point => ({
  x: x === 0 ? (box.left + box.right) / 2 : x < 0 ? box.left : box.right,
  y: y === 0 ? (box.top + box.bottom) / 2 : y < 0 ? box.top : box.bottom,
});

/** The handle of a box within reach of a point, the nearest; all lengths as on the screen. */
export function handleNear(box: Rectangle, at: Point, reach: number): Handle | undefined {
  // On a box that is small on the screen handles would cover all of it: the middle stays for moving.
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  const inside = at.x > box.left && at.x < box.right && at.y > box.top && at.y < box.bottom;
  const near = inside ? Math.min(reach, width / 4, height / 4) : reach;
  const apart = (handle: Handle) => {
    const { x, y } = handleAt(box, handle);
    return Math.hypot(at.x - x, at.y - y);
  };
  const nearest = [...HANDLES].sort((a, b) => apart(a) - apart(b))[0];
  return nearest && apart(nearest) <= near ? nearest : undefined;
}

/** The box at a point: of those that hold it the smallest, else one whose target, which is never small, does. */
export function boxAt<T>(items: readonly T[], placeOf: (item: T) => Rectangle, at: Point, smallest: number): T | undefined {
  const holds = (box: Rectangle, wider: number) =>
    at.x >= box.left - wider && at.x <= box.right + wider && at.y >= box.top - wider && at.y <= box.bottom + wider;
  const wider = (box: Rectangle) => Math.max(0, smallest - Math.min(box.right - box.left, box.bottom - box.top)) / 2;
  const area = (item: T) => {
    const box = placeOf(item);
    return (box.right - box.left) * (box.bottom - box.top);
  };
  const bySize = [...items].sort((a, b) => area(a) - area(b));
  return bySize.find((each) => holds(placeOf(each), 0)) ?? bySize.find((each) => holds(placeOf(each), wider(placeOf(each))));
}
