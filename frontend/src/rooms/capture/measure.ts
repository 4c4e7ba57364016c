/**
 * How good the live picture is: focus, brightness and clipping as `buffycoat.imaging.quality` measures them of a whole
 * field, here of a frame that was reduced before.
 */
export interface Measured {
  /** Variance of the Laplacian over variance of the brightness, inside the lit area: to be compared within one set-up only. */
  focus: number;
  /** Mean of the lit area, 0 to 1. */
  brightness: number;
  /** Share of the lit area with a channel at 0, and at 255. */
  clippedDark: number;
  clippedBright: number;
}

export interface Frame {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

/** The square in which light areas are closed, and by which they are made smaller. */
const SIDE = 9;

/** Gray as OpenCV counts it. */
function grayOf({ data }: Frame): Uint8Array {
  const gray = new Uint8Array(data.length / 4);
  for (let index = 0, at = 0; index < gray.length; index += 1, at += 4)
    gray[index] = ((data[at] as number) * 9798 + (data[at + 1] as number) * 19235 + (data[at + 2] as number) * 3735 + 16384) >> 15;
  return gray;
}

/** Where a mask has a one (or, of its zeros, none) in the square around each pixel; outside there is nothing. */
function around(mask: Uint8Array, width: number, height: number, wanted: 0 | 1): Uint8Array {
  const half = SIDE >> 1;
  const sums = new Uint32Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y += 1)
    for (let x = 0, row = 0; x < width; x += 1) {
      row += mask[y * width + x] === wanted ? 1 : 0;
      sums[(y + 1) * (width + 1) + x + 1] = (sums[y * (width + 1) + x + 1] as number) + row;
    }
  const found = new Uint8Array(mask.length);
  for (let y = 0; y < height; y += 1) {
    const top = Math.max(0, y - half) * (width + 1);
    const bottom = Math.min(height, y + half + 1) * (width + 1);
    for (let x = 0; x < width; x += 1) {
      const [left, right] = [Math.max(0, x - half), Math.min(width, x + half + 1)];
      const count = (sums[bottom + right] as number) - (sums[top + right] as number) - (sums[bottom + left] as number) + (sums[top + left] as number);
      found[y * width + x] = count > 0 ? 1 : 0;
    }
  }
  return found;
}

const grown = (mask: Uint8Array, width: number, height: number) => around(mask, width, height, 1);
const shrunk = (mask: Uint8Array, width: number, height: number) => around(mask, width, height, 0).map((each) => 1 - each);

/** The level below which so large a share of every fourth pixel of every fourth row lies. */
function percentile(gray: Uint8Array, width: number, height: number, share: number): number {
  const counts = new Uint32Array(256);
  let total = 0;
  for (let y = 0; y < height; y += 4)
    for (let x = 0; x < width; x += 4, total += 1) {
      const level = gray[y * width + x] as number;
      counts[level] = (counts[level] as number) + 1;
    }
  const place = share * (total - 1);
  const at = (rank: number) => {
    let below = 0;
    for (let level = 0; level < 256; level += 1) {
      below += counts[level] as number;
      if (below > rank) return level;
    }
    return 255;
  };
  const low = at(Math.floor(place));
  return low + (at(Math.ceil(place)) - low) * (place - Math.floor(place));
}

function variance(values: (index: number) => number, inside: Uint8Array): number {
  let [count, sum, squares] = [0, 0, 0];
  for (let index = 0; index < inside.length; index += 1) {
    if (!inside[index]) continue;
    const value = values(index);
    count += 1;
    sum += value;
    squares += value * value;
  }
  return count === 0 ? 0 : squares / count - (sum / count) ** 2;
}

export function measure(frame: Frame): Measured {
  const { width, height, data } = frame;
  const gray = grayOf(frame);
  const level = 0.2 * percentile(gray, width, height, 0.98);
  const bright = gray.map((each) => (each > level ? 1 : 0));
  let lit = shrunk(grown(bright, width, height), width, height);
  if (!lit.includes(1)) lit = lit.fill(1);
  // The rim of the lit area is the sharpest edge of all, and no part of the smear.
  const smaller = shrunk(lit, width, height);
  const inner = smaller.includes(1) ? smaller : lit;
  const at = (x: number, y: number) => gray[y * width + x] as number;
  const mirror = (place: number, size: number) => (place < 0 ? Math.min(1, size - 1) : place >= size ? Math.max(0, size - 2) : place);
  const laplacian = (index: number) => {
    const [x, y] = [index % width, Math.floor(index / width)];
    return at(mirror(x - 1, width), y) + at(mirror(x + 1, width), y) + at(x, mirror(y - 1, height)) + at(x, mirror(y + 1, height)) - 4 * at(x, y);
  };
  const spread = variance((index) => gray[index] as number, inner);
  let [area, sum, dark, full] = [0, 0, 0, 0];
  for (let index = 0, place = 0; index < lit.length; index += 1, place += 4) {
    if (!lit[index]) continue;
    const [red, green, blue] = [data[place] as number, data[place + 1] as number, data[place + 2] as number];
    area += 1;
    sum += gray[index] as number;
    if (red === 0 || green === 0 || blue === 0) dark += 1;
    if (red === 255 || green === 255 || blue === 255) full += 1;
  }
  return {
    focus: spread > 0 ? variance(laplacian, inner) / spread : 0,
    brightness: sum / area / 255,
    clippedDark: dark / area,
    clippedBright: full / area,
  };
}

/** What is to be said of a frame, the gravest first; `good` where there is nothing. */
export type Verdict = "dark" | "clipped" | "unsharp" | "good";

const DARK = 0.25;
const CLIPPED = 0.05;
const UNSHARP = 0.6;
/** What was seen some time ago counts less: elsewhere on the slide there may be less to see. */
const FADING = 0.995;

/** How sharp a frame is beside the sharpest one seen lately, 0 to 1. */
export class Best {
  private best = 0;

  beside(focus: number): number {
    this.best = Math.max(this.best * FADING, focus);
    return this.best > 0 ? focus / this.best : 0;
  }
}

export const verdictOf = ({ brightness, clippedBright }: Measured, share: number): Verdict =>
  brightness < DARK ? "dark" : clippedBright > CLIPPED ? "clipped" : share < UNSHARP ? "unsharp" : "good";
