/**
 * HEIC files, whose parts refer to each other by position: so nothing moves, and what is no picture is blanked where it
 * lies. A new EXIF block of what is kept of the camera takes the place of the old one, where it fits.
 */
import { type Bytes, big, joined, NotStripped, ofBig, ofText, text } from "./bytes";
import { bare, type Camera, headed, readCamera, writeCamera } from "./exif";

interface Box {
  kind: string;
  start: number;
  /** Where its own fields begin. */
  inner: number;
  stop: number;
}

const damaged = () => new NotStripped("damaged", "HEIC");
const META = new Set(["hdlr", "dinf", "pitm", "iinf", "iref", "iprp", "idat", "iloc", "grpl", "free"]);
/** Items that are pictures, or say how pictures are put together; all others are texts, positions and the like. */
const PICTURES = new Set(["hvc1", "lhv1", "av01", "avc1", "grid", "iovl", "iden", "tmap"]);
/** What is said of a picture so that it can be decoded and shown. */
const PROPERTIES = new Set(
  "hvcC lhvC av1C avcC ispe pixi colr irot imir clap pasp auxC lsel a1lx a1op oinf tols rloc iscl clli mdcv cclv amve reve ndwt rref subs free".split(" "),
);

function* boxes(file: Uint8Array, from: number, end: number): Generator<Box> {
  for (let at = from; at + 8 <= end; ) {
    let size = big(file, at, 4);
    let head = 8;
    if (size === 1) [size, head] = [big(file, at + 8, 8), 16];
    const stop = size === 0 ? end : at + size;
    if (!(size === 0 || size >= head) || !(stop <= end)) throw damaged();
    yield { kind: text(file, at + 4, at + 8), start: at, inner: at + head, stop };
    at = stop;
  }
}

/** Make a box an empty one of its size. */
function blank(file: Uint8Array, { start, inner, stop }: Box): void {
  file.set(ofText("free"), start + 4);
  file.fill(0, inner, stop);
}

/** Boxes up to the first bytes that are none: makers put films and lists of their own behind the end. */
function outermost(file: Uint8Array): { found: Box[]; end: number } {
  const found: Box[] = [];
  let end = 0;
  try {
    for (const box of boxes(file, 0, file.length)) {
      if (!/^[\x20-\x7e]{4}$/.test(box.kind)) break;
      found.push(box);
      end = box.stop;
    }
  } catch (reason) {
    if (!(reason instanceof NotStripped) || !found.some(({ kind }) => kind === "mdat")) throw reason;
  }
  return { found, end };
}

type Extent = readonly [start: number, stop: number];
interface Item {
  kind: string;
  extents: Extent[];
}

/** The kind of each item, whose names are blanked on the way: nobody needs them, and they are free text. */
function kindsOf(file: Uint8Array, { inner, stop }: Box): Map<number, string> {
  const found = new Map<number, string>();
  const wide = file[inner] !== 0;
  for (const { kind, inner: at, stop: end } of boxes(file, inner + (wide ? 8 : 6), stop)) {
    const version = file[at] ?? 0;
    if (kind !== "infe") continue;
    if (version < 2) throw damaged();
    const long = version >= 3;
    const name = at + (long ? 14 : 12);
    const type = text(file, name - 4, name);
    found.set(big(file, at + 4, long ? 4 : 2), type);
    for (let letter = name; letter < end && file[letter] !== 0; letter += 1) file[letter] = 0x20;
  }
  return found;
}

/** Where the bytes of each item lie in the file. */
function placesOf(file: Uint8Array, { inner, stop }: Box, data: Box | undefined): Map<number, Extent[]> {
  const version = file[inner] ?? 0;
  const [a = 0, b = 0] = [file[inner + 4], file[inner + 5]];
  const [offset, length, base, index] = [a >> 4, a & 15, b >> 4, version > 0 ? b & 15 : 0];
  const wide = version === 2 ? 4 : 2;
  const count = big(file, inner + 6, wide);
  const found = new Map<number, Extent[]>();
  let at = inner + 6 + wide;
  const read = (size: number) => {
    const value = size === 0 ? 0 : big(file, at, size);
    at += size;
    if (!Number.isFinite(value) || at > stop) throw damaged();
    return value;
  };
  for (let item = 0; item < count; item += 1) {
    const id = read(wide);
    const method = version > 0 ? read(2) & 15 : 0;
    if (read(2) !== 0 || method > 1) throw new NotStripped("kind", "HEIC");
    const start = read(base) + (method === 1 ? (data?.inner ?? Number.NaN) : 0);
    const extents: Extent[] = [];
    for (let left = read(2); left > 0; left -= 1) {
      read(index);
      const from = start + read(offset);
      const size = read(length);
      const to = size === 0 ? file.length : from + size;
      if (!(to <= file.length)) throw damaged();
      extents.push([from, to]);
    }
    found.set(id, extents);
  }
  return found;
}

function itemsOf(file: Uint8Array, inside: readonly Box[]): Item[] {
  const of = (wanted: string) => inside.find(({ kind }) => kind === wanted);
  const [listed, located] = [of("iinf"), of("iloc")];
  if (!listed || !located) throw damaged();
  const kinds = kindsOf(file, listed);
  return [...placesOf(file, located, of("idat"))].map(([id, extents]) => ({ kind: kinds.get(id) ?? "", extents }));
}

const fill = (file: Uint8Array, extents: readonly Extent[], bytes: Uint8Array): void => {
  let from = 0;
  for (const [start, stop] of extents) {
    file.fill(0, start, stop);
    file.set(bytes.subarray(from, from + stop - start), start);
    from += stop - start;
  }
};

/** What the EXIF item of a file said of the camera; a new one lies in its place, and zeros behind it. */
function replaceExif(file: Uint8Array, items: readonly Item[]): Camera {
  const [first, ...others] = items.filter(({ kind }) => kind === "Exif");
  for (const { extents } of others) fill(file, extents, new Uint8Array(0));
  if (!first) return {};
  const old = joined(first.extents.map(([start, stop]) => file.subarray(start, stop)));
  // Four bytes say how far from there the block begins.
  const skipped = big(old, 0, 4);
  const camera = readCamera(bare(old.subarray(Number.isFinite(skipped) ? 4 + skipped : 4)));
  const block = writeCamera(camera);
  const fresh = joined([ofBig(6, 4), headed(block)]);
  fill(file, first.extents, block.length > 0 && fresh.length <= old.length ? fresh : new Uint8Array(0));
  return camera;
}

/** Blank what lies between the pictures' bytes: what nothing refers to is no picture. */
function blankLoose(file: Uint8Array, { inner, stop }: Box, used: readonly Extent[]): void {
  let at = inner;
  for (const [from, to] of [...used].sort(([a], [b]) => a - b)) {
    if (to <= inner || from >= stop) continue;
    if (from > at) file.fill(0, at, from);
    at = Math.max(at, to);
  }
  if (at < stop) file.fill(0, at, stop);
}

/** A HEIC file of the same length, or cut after its last box, whose pictures are as they were and nothing else is. */
export function stripHeic(content: Uint8Array): { bytes: Bytes; camera: Camera } {
  const { found, end } = outermost(content);
  const file = new Uint8Array(content.slice(0, end));
  const meta = found.find(({ kind }) => kind === "meta");
  if (!meta) throw damaged();
  const inside = [...boxes(file, meta.inner + 4, meta.stop)];
  for (const box of inside) if (!META.has(box.kind) || box.kind === "free") blank(file, box);
  const properties = inside.find(({ kind }) => kind === "iprp");
  const held = properties ? [...boxes(file, properties.inner, properties.stop)].find(({ kind }) => kind === "ipco") : undefined;
  if (held) for (const box of boxes(file, held.inner, held.stop)) if (!PROPERTIES.has(box.kind)) blank(file, box);
  const items = itemsOf(file, inside);
  const camera = replaceExif(file, items);
  for (const { kind, extents } of items) if (!PICTURES.has(kind) && kind !== "Exif") fill(file, extents, new Uint8Array(0));
  const used = items.filter(({ kind }) => PICTURES.has(kind) || kind === "Exif").flatMap(({ extents }) => extents);
  for (const box of found) {
    if (box.kind === "mdat") blankLoose(file, box, used);
    else if (box.kind !== "ftyp" && box !== meta) blank(file, box);
  }
  return { bytes: file, camera };
}
