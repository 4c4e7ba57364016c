/** What a hand does to masks, in quarters of a pixel: whole numbers, so that it comes out the same everywhere. */
import { above, type Extent, type Mask, smoothed, toggled } from "./pixels";

export type PartName = "nucleus" | "cell";

/**
 * `brush` and `erase` draw with a round point of radius `size`; `outline` fills what it goes around: of the cell it is
 * the new outline, of the nucleus one more lobe; `toggle` turns the region at its point on or off, where `size` is the
 * level of magenta of regions that can be turned on; `trim` cuts the nucleus to the cell, `grow` widens the cell to its
 * nucleus, `smooth` evens out its line by a disc of radius `size`, `clear` empties a part.
 */
export type Tool = "brush" | "erase" | "outline" | "toggle" | "trim" | "grow" | "smooth" | "clear";

export interface Stroke {
  readonly part: PartName;
  readonly tool: Tool;
  readonly size: number;
  /** x, y, x, y, … */
  readonly path: readonly number[];
  /** It adds nothing where other cells lie. */
  readonly off?: boolean;
}

/** What strokes stand on: the channel, in which regions are turned on, and where other cells lie. */
export interface Ground {
  readonly extent: Extent;
  readonly channel?: Uint8Array | undefined;
  readonly beside?: Mask | undefined;
}

export type Masks = Readonly<Record<PartName, Mask>>;

/** So many of these make a pixel; the middle of the first pixel of a row lies at half of it. */
export const FINE = 4;
const HALF = FINE / 2;

/** A place in the picture, as strokes keep it. */
export const fine = (length: number): number => Math.round(length * FINE);

/** The masks after a stroke; those before are left as they are. */
export function stroked(masks: Masks, stroke: Stroke, { extent, channel, beside }: Ground): Masks {
  const { part, tool, size, path } = stroke;
  const mine = masks[part];
  const others = stroke.off ? beside : undefined;
  const changed = (mask: Mask, before: Mask = mine): Masks => ({ ...masks, [part]: others ? mask.map((pixel, at) => pixel & ((before[at] as number) | (1 - (others[at] as number)))) : mask });
  if (tool === "trim") return { ...masks, nucleus: masks.nucleus.map((pixel, at) => pixel & (masks.cell[at] as number)) };
  if (tool === "grow") return { ...masks, cell: masks.cell.map((pixel, at) => pixel | (masks.nucleus[at] as number)) };
  if (tool === "clear") return changed(new Uint8Array(mine.length));
  if (tool === "smooth") return changed(smoothed(mine, extent, size / FINE));
  if (tool === "toggle") {
    const [x, y] = [Math.floor((path[0] ?? -1) / FINE), Math.floor((path[1] ?? -1) / FINE)];
    if (x < 0 || y < 0 || x >= extent.width || y >= extent.height) return masks;
    const other = part === "nucleus" && channel ? above(channel, size) : undefined;
    return changed(toggled(mine, other, extent, x, y));
  }
  const mask = tool === "outline" && part === "cell" ? new Uint8Array(mine.length) : mine.slice();
  if (tool === "outline") {
    if (path.length < 6) return masks;
    // A new outline takes nothing over of the one before, not even where that lay in another cell.
    const before = mask.slice();
    surround(mask, path, extent);
    return changed(mask, before);
  }
  draw(mask, path, size, extent, tool === "brush" ? 1 : 0);
  return changed(mask);
}

/** All pixels whose middle lies within a radius of the path. */
export function draw(mask: Mask, path: readonly number[], radius: number, extent: Extent, value: 0 | 1): void {
  if (path.length === 2) capsule(mask, [path[0] as number, path[1] as number, path[0] as number, path[1] as number], radius, extent, value);
  for (let at = 0; at + 3 < path.length; at += 2) {
    capsule(mask, path.slice(at, at + 4) as [number, number, number, number], radius, extent, value);
  }
}

function capsule(mask: Mask, [ax, ay, bx, by]: [number, number, number, number], radius: number, { width, height }: Extent, value: 0 | 1): void {
  const first = (low: number) => Math.max(0, Math.ceil((low - radius - HALF) / FINE));
  const last = (high: number, side: number) => Math.min(side - 1, Math.floor((high + radius - HALF) / FINE));
  const [left, right] = [first(Math.min(ax, bx)), last(Math.max(ax, bx), width)];
  const [top, bottom] = [first(Math.min(ay, by)), last(Math.max(ay, by), height)];
  const [dx, dy] = [bx - ax, by - ay];
  const long = dx * dx + dy * dy;
  const reach = radius * radius;
  for (let y = top; y <= bottom; y += 1) {
    const py = FINE * y + HALF - ay;
    for (let x = left; x <= right; x += 1) {
      const px = FINE * x + HALF - ax;
      const along = px * dx + py * dy;
      let near: boolean;
      if (along <= 0) near = px * px + py * py <= reach;
      else if (along >= long) near = (px - dx) ** 2 + (py - dy) ** 2 <= reach;
      else near = (px * dy - py * dx) ** 2 <= reach * long;
      if (near) mask[y * width + x] = value;
    }
  }
}

/** All pixels whose middle a closed path goes around, also where it crosses itself. */
export function surround(mask: Mask, path: readonly number[], { width, height }: Extent): void {
  const corners = path.length / 2;
  for (let y = 0; y < height; y += 1) {
    const level = FINE * y + HALF;
    const crossings: [x: number, turn: 1 | -1][] = [];
    for (let at = 0; at < corners; at += 1) {
      const next = (at + 1) % corners;
      const [ax, ay] = [path[2 * at] as number, path[2 * at + 1] as number];
      const [bx, by] = [path[2 * next] as number, path[2 * next + 1] as number];
      if (ay <= level === by <= level) continue;
      crossings.push([ax + ((level - ay) * (bx - ax)) / (by - ay), ay <= level ? 1 : -1]);
    }
    crossings.sort(([a], [b]) => a - b);
    let turns = 0;
    crossings.forEach(([x, turn], at) => {
      turns += turn;
      const end = crossings[at + 1];
      if (turns === 0 || !end) return;
      const from = Math.max(0, Math.ceil((x - HALF) / FINE));
      const to = Math.min(width - 1, Math.floor((end[0] - HALF) / FINE));
      if (from <= to) mask.fill(1, y * width + from, y * width + to + 1);
    });
  }
}
