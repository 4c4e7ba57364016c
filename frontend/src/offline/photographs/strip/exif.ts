/**
 * What a camera says of itself that is needed later, and nothing else: an EXIF block is read, and a new one is written
 * with make, model, orientation, f-number, ISO, exposure and focal length. Position, serial numbers, names, times, the
 * maker's notes and the small picture inside do not come along, as nothing is copied but these seven values.
 */
import { type Bytes, joined, ofText, text } from "./bytes";

/** What is kept of a camera. A fraction is its numerator and its denominator. */
export interface Camera {
  make?: string;
  model?: string;
  orientation?: number;
  exposure?: readonly [number, number];
  aperture?: readonly [number, number];
  iso?: number;
  focal?: readonly [number, number];
}

const MAKE = 0x010f;
const MODEL = 0x0110;
const ORIENTATION = 0x0112;
const EXIF = 0x8769;
const EXPOSURE = 0x829a;
const APERTURE = 0x829d;
const ISO = 0x8827;
const FOCAL = 0x920a;
const ASCII = 2;
const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;
const SIZES: Record<number, number> = { [ASCII]: 1, [SHORT]: 2, [LONG]: 4, [RATIONAL]: 8 };
const MOST_TAGS = 4096;
const LONGEST_TEXT = 64;

type Values = readonly number[] | string;

/** The tags of one directory, of the types that are of use here. */
function directory(block: Uint8Array, view: DataView, little: boolean, start: number): Map<number, Values> {
  const found = new Map<number, Values>();
  if (start < 8 || start + 2 > block.length) return found;
  const count = Math.min(view.getUint16(start, little), MOST_TAGS);
  for (let at = start + 2; at < start + 2 + 12 * count && at + 12 <= block.length; at += 12) {
    const type = view.getUint16(at + 2, little);
    const items = view.getUint32(at + 4, little);
    const size = (SIZES[type] ?? 0) * items;
    const place = size <= 4 ? at + 8 : view.getUint32(at + 8, little);
    if (size === 0 || place + size > block.length || found.has(view.getUint16(at, little))) continue;
    found.set(view.getUint16(at, little), values(block, view, little, type, place, items));
  }
  return found;
}

function values(block: Uint8Array, view: DataView, little: boolean, type: number, place: number, items: number): Values {
  if (type === ASCII) return text(block, place, place + Math.min(items, LONGEST_TEXT));
  if (type === SHORT) return [view.getUint16(place, little)];
  if (type === LONG) return [view.getUint32(place, little)];
  return [view.getUint32(place, little), view.getUint32(place + 4, little)];
}

/** Letters that can be printed, up to the first NUL. */
const printable = (value: Values | undefined): string | undefined =>
  typeof value === "string" ? (value.split("\0", 1)[0] ?? "").replace(/[^\x20-\x7e]/g, "").trim() || undefined : undefined;
const whole = (value: Values | undefined, least: number, most: number): number | undefined => {
  const number = typeof value === "string" ? undefined : value?.[0];
  return number !== undefined && number >= least && number <= most ? number : undefined;
};
const fraction = (value: Values | undefined): readonly [number, number] | undefined => {
  const [top, bottom] = typeof value === "string" ? [] : (value ?? []);
  return top && bottom ? [top, bottom] : undefined;
};

/** What stands in a TIFF block, of what is kept; nothing where it makes no sense. */
export function readCamera(block: Uint8Array): Camera {
  const little = text(block, 0, 4) === "II*\0";
  if ((!little && text(block, 0, 4) !== "MM\0*") || block.length < 8) return {};
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const first = directory(block, view, little, view.getUint32(4, little));
  const inner = directory(block, view, little, whole(first.get(EXIF), 8, block.length) ?? 0);
  const of = (id: number) => inner.get(id) ?? first.get(id);
  const found: { [K in keyof Camera]: Camera[K] | undefined } = {
    make: printable(first.get(MAKE)),
    model: printable(first.get(MODEL)),
    orientation: whole(first.get(ORIENTATION), 1, 8),
    exposure: fraction(of(EXPOSURE)),
    aperture: fraction(of(APERTURE)),
    iso: whole(of(ISO), 1, 10_000_000),
    focal: fraction(of(FOCAL)),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) as Camera;
}

interface Entry {
  id: number;
  type: number;
  count: number;
  bytes: Uint8Array;
}

const short = (value: number): Uint8Array => Uint8Array.of(value & 255, value >> 8);
const long = (value: number): Uint8Array => Uint8Array.of(value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24);

function entries(camera: Camera): { first: Entry[]; inner: Entry[] } {
  const letters = (id: number, value: string | undefined): Entry[] => (value === undefined ? [] : [{ id, type: ASCII, count: value.length + 1, bytes: ofText(`${value}\0`) }]);
  const parts = (id: number, value: readonly [number, number] | undefined): Entry[] =>
    value === undefined ? [] : [{ id, type: RATIONAL, count: 1, bytes: joined([long(value[0]), long(value[1])]) }];
  const { make, model, orientation, exposure, aperture, iso, focal } = camera;
  return {
    first: [...letters(MAKE, make), ...letters(MODEL, model), ...(orientation === undefined ? [] : [{ id: ORIENTATION, type: SHORT, count: 1, bytes: short(orientation) }])],
    inner: [...parts(EXPOSURE, exposure), ...parts(APERTURE, aperture), ...(iso === undefined ? [] : [{ id: ISO, type: LONG, count: 1, bytes: long(iso) }]), ...parts(FOCAL, focal)],
  };
}

/** A directory whose longer values follow it, and where it ends. */
function written(all: readonly Entry[], start: number): Bytes {
  let at = start + 2 + 12 * all.length + 4;
  const head: Uint8Array[] = [short(all.length)];
  const tail: Uint8Array[] = [];
  for (const { id, type, count, bytes } of all) {
    const inline = bytes.length <= 4;
    head.push(short(id), short(type), long(count), inline ? joined([bytes, new Uint8Array(4 - bytes.length)]) : long(at));
    if (inline) continue;
    const even = bytes.length % 2 === 0 ? bytes : joined([bytes, new Uint8Array(1)]);
    tail.push(even);
    at += even.length;
  }
  return joined([...head, long(0), ...tail]);
}

/** A new TIFF block of these values alone; empty where there are none. */
export function writeCamera(camera: Camera): Bytes {
  const { first, inner } = entries(camera);
  if (first.length + inner.length === 0) return new Uint8Array(0);
  const head = [ofText("II*\0"), long(8)];
  if (inner.length === 0) return joined([...head, written(first, 8)]);
  const pointer = (to: number): Entry => ({ id: EXIF, type: LONG, count: 1, bytes: long(to) });
  const end = 8 + written([...first, pointer(0)], 8).length;
  return joined([...head, written([...first, pointer(end)], 8), written(inner, end)]);
}

const HEADING = "Exif\0\0";
/** A block without the heading that JPEG has, and some others have, too. */
export const bare = (block: Uint8Array): Uint8Array => (text(block, 0, 5) === "Exif\0" ? block.subarray(6) : block);
export const headed = (block: Uint8Array): Bytes => joined([ofText(HEADING), block]);
