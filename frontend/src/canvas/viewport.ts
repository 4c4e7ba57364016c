/** Where a picture lies on the screen: pure arithmetic, no elements. Lengths in CSS pixels and picture pixels. */

export interface Size {
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

/** A picture point p is seen at `k * p + (x, y)`. */
export interface View extends Point {
  k: number;
}

export interface Rectangle {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** As far as one may zoom in: screen pixels for one pixel of the picture. */
export const CLOSEST = 8;
const MARGIN = 8;

/** The largest view that shows the whole picture, centred. */
export function fit(screen: Size, picture: Size): View {
  const k = Math.max(
    Math.min((screen.width - 2 * MARGIN) / picture.width, (screen.height - 2 * MARGIN) / picture.height),
    0.001,
  );
  return { k, x: (screen.width - k * picture.width) / 2, y: (screen.height - k * picture.height) / 2 };
}

/** Keep the picture in sight: centred where it is smaller than the screen, covering it where it is larger. */
export function clamp(view: View, screen: Size, picture: Size): View {
  const k = Math.min(Math.max(view.k, fit(screen, picture).k), CLOSEST);
  const held = (offset: number, room: number, length: number) =>
    length <= room ? (room - length) / 2 : Math.min(MARGIN, Math.max(room - length - MARGIN, offset));
  return {
    k,
    x: held(view.x, screen.width, k * picture.width),
    y: held(view.y, screen.height, k * picture.height),
  };
}

/** Zoom by a factor, with the screen point `at` staying where it is. */
export function zoom(view: View, factor: number, at: Point, screen: Size, picture: Size): View {
  const k = Math.min(Math.max(view.k * factor, fit(screen, picture).k), CLOSEST);
  const real = k / view.k;
  return clamp({ k, x: at.x - (at.x - view.x) * real, y: at.y - (at.y - view.y) * real }, screen, picture);
}

export const pan = (view: View, by: Point, screen: Size, picture: Size): View =>
  clamp({ k: view.k, x: view.x + by.x, y: view.y + by.y }, screen, picture);

/** Zoom so that a box fills a share of the shorter side, and stands in the middle. */
export function show(box: Rectangle, share: number, screen: Size, picture: Size): View {
  const longest = Math.max(box.right - box.left, box.bottom - box.top);
  const k = Math.min((share * Math.min(screen.width, screen.height)) / longest, CLOSEST);
  const x = screen.width / 2 - (k * (box.left + box.right)) / 2;
  const y = screen.height / 2 - (k * (box.top + box.bottom)) / 2;
  return clamp({ k, x, y }, screen, picture);
}

/** Move, without zooming, just as far as a box needs to be in sight. */
export function reveal(view: View, box: Rectangle, screen: Size, picture: Size): View {
  const shift = (low: number, high: number, room: number) => {
    if (low < MARGIN) return MARGIN - low;
    return high > room - MARGIN ? Math.max(room - MARGIN - high, MARGIN - low) : 0;
  };
  const by = {
    x: shift(view.k * box.left + view.x, view.k * box.right + view.x, screen.width),
    y: shift(view.k * box.top + view.y, view.k * box.bottom + view.y, screen.height),
  };
  return by.x === 0 && by.y === 0 ? view : pan(view, by, screen, picture);
}

/** A box of the picture, as it is seen. */
export const project = (box: Rectangle, view: View): Rectangle => ({
  left: view.k * box.left + view.x,
  top: view.k * box.top + view.y,
  right: view.k * box.right + view.x,
  bottom: view.k * box.bottom + view.y,
});

/** Boxes in reading order: rows of the height of a typical box, then from left to right. */
export function readingOrder<T>(items: readonly T[], boxOf: (item: T) => Rectangle): T[] {
  const heights = items.map((item) => boxOf(item).bottom - boxOf(item).top).sort((a, b) => a - b);
  const row = Math.max(heights[Math.floor(heights.length / 2)] ?? 1, 1);
  const place = (item: T) => {
    const box = boxOf(item);
    return { line: Math.floor((box.top + box.bottom) / 2 / row), x: (box.left + box.right) / 2 };
  };
  return [...items].sort((a, b) => place(a).line - place(b).line || place(a).x - place(b).x);
}
