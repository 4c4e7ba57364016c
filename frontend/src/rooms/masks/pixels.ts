/** Masks as pixels: the same arithmetic as the service's, so that both make the same mask. Pure functions on arrays. */

export interface Extent {
  readonly width: number;
  readonly height: number;
}

/** A byte a pixel in row order: 1 in the mask, 0 outside. */
export type Mask = Uint8Array;

/** What of a thresholded mask stays: all of it; the large regions in the middle; of these the largest alone. */
export type Keep = "all" | "lobes" | "largest";

/** As in `segment.cleaning`: how far from the middle a region may lie, how small it may be, how large a hole is filled. */
const CENTRAL = 0.35;
const SMALL = 0.1;
const HOLE = 0.01;

/** What lies above a level of magenta. */
export function above(channel: Uint8Array, level: number, into: Mask = new Uint8Array(channel.length)): Mask {
  for (let at = 0; at < channel.length; at += 1) into[at] = Number((channel[at] as number) > level);
  return into;
}

/** The thresholded nucleus, cleaned as `segment.cleaning.clean_nucleus` does where lobes are kept and holes filled. */
export function thresholded(channel: Uint8Array, level: number, extent: Extent, keep: Keep, fill: boolean, least = 0): Mask {
  const mask = above(channel, level);
  return keep === "all" && !fill && least === 0 ? mask : cleaned(mask, extent, keep, fill, least);
}

/** `least`: regions of fewer pixels go, whatever else stays. */
export function cleaned(mask: Mask, extent: Extent, keep: Keep, fill: boolean, least = 0): Mask {
  const runs = runsOf(mask, extent);
  const kept: Mask = new Uint8Array(mask.length);
  if (runs.count === 0) return kept;
  const { label, regions } = regionsOf(runs, true);
  const kinds = keep === "all" ? regions.map(() => true) : inMiddle(regions, extent, keep);
  const chosen = kinds.map((stays, at) => stays && (regions[at] as Region).area >= least);
  let size = 0;
  regions.forEach((region, at) => (size += chosen[at] ? region.area : 0));
  for (let at = 0; at < runs.count; at += 1) if (chosen[label[at] as number]) lay(kept, runs, at, extent, 1);
  const largest = Math.trunc(HOLE * size);
  return fill && largest > 0 ? filled(kept, extent, largest) : kept;
}

function inMiddle(regions: readonly Region[], { width, height }: Extent, keep: Keep): boolean[] {
  // Counted from the corner of what is masked, as the service does, so that rounding is the same.
  const top = Math.min(...regions.map((each) => each.top));
  const left = Math.min(...regions.map((each) => each.left));
  const far = CENTRAL * Math.min(width, height);
  const areas = regions.map(({ area, rows, columns }) => {
    const y = (rows - top * area) / area + top - (height - 1) / 2;
    const x = (columns - left * area) / area + left - (width - 1) / 2;
    return Math.sqrt(x * x + y * y) > far ? 0 : area;
  });
  const most = Math.max(0, ...areas);
  const first = areas.indexOf(most);
  return areas.map((area, at) => area > 0 && (keep === "largest" ? at === first : area >= SMALL * most));
}

/** The mask with its holes of at most so many pixels filled: background that does not reach the border, not even across corners. */
export function filled(mask: Mask, extent: Extent, largest = Number.POSITIVE_INFINITY): Mask {
  const { width, height } = extent;
  const ground: Mask = new Uint8Array(mask.length);
  for (let at = 0; at < mask.length; at += 1) ground[at] = mask[at] ? 0 : 1;
  const runs = runsOf(ground, extent);
  const { label, regions } = regionsOf(runs, false);
  const open = new Uint8Array(regions.length);
  for (let at = 0; at < runs.count; at += 1) {
    const row = runs.row[at] as number;
    if (row === 0 || row === height - 1 || runs.start[at] === 0 || runs.stop[at] === width) open[label[at] as number] = 1;
  }
  const whole = mask.slice();
  for (let at = 0; at < runs.count; at += 1) {
    const region = label[at] as number;
    if (!open[region] && (regions[region] as Region).area <= largest) lay(whole, runs, at, extent, 1);
  }
  return whole;
}

/** The mask with its line made smooth: of the disc around a pixel, as far as it lies in the picture, more than half is in the mask. */
export function smoothed(mask: Mask, { width, height }: Extent, radius: number): Mask {
  const smooth: Mask = new Uint8Array(mask.length);
  // Sums along each row, so that a row of the disc costs two look-ups.
  const sums = new Int32Array((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) sums[y * (width + 1) + x + 1] = (sums[y * (width + 1) + x] as number) + (mask[y * width + x] as number);
  }
  const reach = Math.floor(radius);
  const half = Array.from({ length: 2 * reach + 1 }, (_, at) => Math.floor(Math.sqrt(radius * radius - (at - reach) ** 2)));
  for (let y = 0; y < height; y += 1) {
    const [top, bottom] = [Math.max(0, y - reach), Math.min(height - 1, y + reach)];
    for (let x = 0; x < width; x += 1) {
      let [inside, all] = [0, 0];
      for (let row = top; row <= bottom; row += 1) {
        const far = half[row - y + reach] as number;
        const [left, right] = [Math.max(0, x - far), Math.min(width, x + far + 1)];
        inside += (sums[row * (width + 1) + right] as number) - (sums[row * (width + 1) + left] as number);
        all += right - left;
      }
      if (2 * inside > all) smooth[y * width + x] = 1;
    }
  }
  return smooth;
}

/** Turn the region under a pixel off, or, where there is none, the one of `other` on. */
export function toggled(mask: Mask, other: Mask | undefined, extent: Extent, x: number, y: number): Mask {
  const at = y * extent.width + x;
  const off = Boolean(mask[at]);
  const source = off ? mask : other;
  if (!source?.[at]) return mask;
  const runs = runsOf(source, extent);
  const { label } = regionsOf(runs, true);
  let wanted = -1;
  for (let run = 0; run < runs.count; run += 1) {
    if (runs.row[run] === y && (runs.start[run] as number) <= x && x < (runs.stop[run] as number)) wanted = label[run] as number;
  }
  const changed = mask.slice();
  for (let run = 0; run < runs.count; run += 1) if (label[run] === wanted) lay(changed, runs, run, extent, off ? 0 : 1);
  return changed;
}

export const count = (mask: Mask): number => {
  let pixels = 0;
  for (let at = 0; at < mask.length; at += 1) pixels += mask[at] as number;
  return pixels;
};

/** How many pixels of one mask lie outside of another. */
export function outside(inner: Mask, outer: Mask): number {
  let pixels = 0;
  for (let at = 0; at < inner.length; at += 1) pixels += (inner[at] as number) & (1 - (outer[at] as number));
  return pixels;
}

/** Lengths of the runs in row order, background first, as the service keeps them. */
export function runLengths(mask: Mask): number[] {
  const lengths: number[] = [];
  let value = 0;
  let start = 0;
  for (let at = 0; at < mask.length; at += 1) {
    if (mask[at] === value) continue;
    lengths.push(at - start);
    value = 1 - value;
    start = at;
  }
  lengths.push(mask.length - start);
  return lengths;
}

export function maskOf(lengths: readonly number[], { width, height }: Extent): Mask {
  const mask: Mask = new Uint8Array(width * height);
  let at = 0;
  lengths.forEach((length, index) => {
    if (index % 2 === 1) mask.fill(1, at, at + length);
    at += length;
  });
  return mask;
}

export function histogram(channel: Uint8Array): number[] {
  const counts = new Array<number>(256).fill(0);
  for (const level of channel) counts[level] = (counts[level] as number) + 1;
  return counts;
}

// ------------------------------------------------------------------ regions

/** Pixels beside each other in a row, from `start` to before `stop`. */
interface Runs {
  count: number;
  row: Int32Array;
  start: Int32Array;
  stop: Int32Array;
}

interface Region {
  area: number;
  /** Sums of the rows and columns of its pixels. */
  rows: number;
  columns: number;
  top: number;
  left: number;
}

function runsOf(mask: Mask, { width }: Extent): Runs {
  let room = 1024;
  let [row, start, stop] = [new Int32Array(room), new Int32Array(room), new Int32Array(room)];
  let runs = 0;
  for (let at = mask.indexOf(1); at !== -1; at = mask.indexOf(1, at)) {
    const y = Math.floor(at / width);
    const from = y * width;
    const end = from + width;
    let last = at + 1;
    while (last < end && mask[last]) last += 1;
    if (runs === room) {
      room *= 2;
      [row, start, stop] = [row, start, stop].map((old) => {
        const more = new Int32Array(room);
        more.set(old);
        return more;
      }) as [Int32Array<ArrayBuffer>, Int32Array<ArrayBuffer>, Int32Array<ArrayBuffer>];
    }
    row[runs] = y;
    start[runs] = at - from;
    stop[runs] = last - from;
    runs += 1;
    at = last;
  }
  return { count: runs, row, start, stop };
}

/** The region of each run, and the regions in row order of their first pixels. */
function regionsOf(runs: Runs, corners: boolean): { label: Int32Array; regions: Region[] } {
  const { count: total, row, start, stop } = runs;
  const above_ = new Int32Array(total);
  const top = (at: number): number => {
    let one = at;
    while (above_[one] !== one) {
      above_[one] = above_[above_[one] as number] as number;
      one = above_[one] as number;
    }
    return one;
  };
  const near = corners ? 1 : 0;
  let before = 0;
  for (let at = 0; at < total; at += 1) {
    above_[at] = at;
    const y = row[at] as number;
    const [from, to] = [start[at] as number, stop[at] as number];
    while (before < at && ((row[before] as number) < y - 1 || (row[before] === y - 1 && (stop[before] as number) + near <= from))) before += 1;
    for (let each = before; each < at && row[each] === y - 1 && (start[each] as number) < to + near; each += 1) {
      const [one, other] = [top(each), top(at)];
      if (one < other) above_[other] = one;
      else above_[one] = other;
    }
  }
  const label = new Int32Array(total);
  const named = new Int32Array(total).fill(-1);
  const regions: Region[] = [];
  for (let at = 0; at < total; at += 1) {
    const first = top(at);
    if (named[first] === -1) named[first] = regions.push({ area: 0, rows: 0, columns: 0, top: row[at] as number, left: start[at] as number }) - 1;
    const region = regions[(label[at] = named[first] as number)] as Region;
    const [from, to] = [start[at] as number, stop[at] as number];
    region.area += to - from;
    region.rows += (row[at] as number) * (to - from);
    region.columns += ((from + to - 1) * (to - from)) / 2;
    region.left = Math.min(region.left, from);
  }
  return { label, regions };
}

function lay(mask: Mask, { row, start, stop }: Runs, at: number, { width }: Extent, value: 0 | 1): void {
  const from = (row[at] as number) * width;
  mask.fill(value, from + (start[at] as number), from + (stop[at] as number));
}
