/** One picture laid upon another: the map between them, how far the wipe is, and what both show. */

export type Affine = readonly [number, number, number, number, number, number];
export interface Size {
  width: number;
  height: number;
}
export type Point = readonly [number, number];

export const UNMOVED: Affine = [1, 0, 0, 0, 1, 0];

/** A map in sides of two crops as an SVG transform on pictures that are `side` wide. */
export const ofCrops = ([p, q, x, r, s, y]: Affine, side: number): Affine => [p, q, x * side, r, s, y * side];

/** As `transform` of SVG takes it: by columns. */
export const transformOf = ([p, q, x, r, s, y]: Affine): string => `matrix(${p} ${r} ${q} ${s} ${x} ${y})`;

/** Where the map takes a place. */
export const moved = ([p, q, x, r, s, y]: Affine, [u, v]: Point): Point => [p * u + q * v + x, r * u + s * v + y];

/** The map the other way round; `undefined` where it flattens. */
export function inverse([p, q, x, r, s, y]: Affine): Affine | undefined {
  const area = p * s - q * r;
  if (Math.abs(area) < 1e-9) return undefined;
  return [s / area, -q / area, (q * y - s * x) / area, -r / area, p / area, (r * x - p * y) / area];
}

/** How far the wipe is after a step, 0 to 100. */
export const stepped = (share: number, by: number): number => Math.min(100, Math.max(0, share + by));

/** How far the wipe is where the pointer stands on a picture: from the left, whichever way people read. */
export const shareAt = (x: number, { left, width }: { left: number; width: number }): number =>
  width > 0 ? stepped(((x - left) / width) * 100, 0) : 0;

const cornersOf = ({ width, height }: Size): readonly Point[] => [
  [0, 0],
  [width, 0],
  [width, height],
  [0, height],
];

/** What two photographs share, in pixels of the one that is mapped onto; the other's outline, cut at its edges. */
export function shared(onto: Affine, other: Size, here: Size): readonly Point[] {
  let outline = cornersOf(other).map((corner) => moved(onto, corner));
  // Sutherland and Hodgman: one edge of the frame after the other.
  const edges: readonly (readonly [axis: 0 | 1, bound: number, sign: 1 | -1])[] = [
    [0, 0, 1],
    [0, here.width, -1],
    [1, 0, 1],
    [1, here.height, -1],
  ];
  for (const [axis, bound, sign] of edges) {
    const inside = (point: Point) => (point[axis] - bound) * sign >= 0;
    outline = outline.flatMap((point, place) => {
      const before = outline[(place + outline.length - 1) % outline.length] ?? point;
      const across = inside(point) !== inside(before);
      const share = across ? (bound - before[axis]) / (point[axis] - before[axis]) : 0;
      const crossing: Point = [before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])];
      return [...(across ? [crossing] : []), ...(inside(point) ? [point] : [])];
    });
  }
  return outline;
}

/** Where the pictures of a group stand in a ring, in a square of 100: the first, the kept one, on top. */
export function ring(count: number, radius = 36): readonly Point[] {
  return Array.from({ length: count }, (_, place) => {
    const turn = (2 * Math.PI * place) / count - Math.PI / 2;
    return [50 + radius * Math.cos(turn), 50 + radius * Math.sin(turn)] as const;
  });
}
