import { expect, test } from "vitest";

import { type Bytes, joined, NotStripped, ofBig, ofText } from "./bytes";
import { type Camera, headed, readCamera, writeCamera } from "./exif";
import { strip } from "./strip";

const GPS = "35.6892N051.3890E";
const camera: Camera = { make: "Apple", model: "iPhone 13", orientation: 6, iso: 100 };
const box = (kind: string, ...parts: Uint8Array[]): Bytes => {
  const inside = joined(parts);
  return joined([ofBig(inside.length + 8, 4), ofText(kind), inside]);
};
const full = (kind: string, version: number, ...parts: Uint8Array[]): Bytes => box(kind, Uint8Array.of(version, 0, 0, 0), ...parts);
const infe = (id: number, kind: string, name = ""): Bytes => full("infe", 2, ofBig(id, 2), ofBig(0, 2), ofText(`${kind}${name}\0`));
/** A block with a position behind what is kept: as long as telephones write it. */
const exif = (padding = 400): Bytes => joined([ofBig(6, 4), headed(joined([writeCamera(camera), ofText(GPS), new Uint8Array(padding)]))]);

interface Made {
  /** Where the EXIF block lies: with the pictures, or in the box of small data. */
  inside?: boolean;
  block?: Bytes;
  before?: Bytes;
  after?: Bytes;
  wide?: boolean;
}

/** A file of three items: a picture, EXIF and XMP; bytes that nothing refers to lie between them. */
function heic({ inside = false, block = exif(), before = new Uint8Array(0), after = new Uint8Array(0), wide = false }: Made = {}): { file: Bytes; at: (what: "picture" | "xmp") => number } {
  const picture = ofText("a picture of cells");
  const xmp = ofText(`<x:xmpmeta>${GPS}</x:xmpmeta>`);
  const loose = ofText(`nobody's ${GPS}`);
  const ftyp = box("ftyp", ofText("heic\0\0\0\0mif1heic"));
  const properties = box("iprp", box("ipco", full("ispe", 0, ofBig(8, 4), ofBig(8, 4)), box("irot", Uint8Array.of(1)), full("udes", 0, ofText(`en\0Dr. ${GPS}\0`))), full("ipma", 0, ofBig(0, 4)));
  const located = (start: number): Bytes => {
    const lie = (id: number, method: number, at: number, length: number) =>
      joined([ofBig(id, wide ? 4 : 2), ofBig(method, 2), ofBig(0, 2), ofBig(1, 2), ofBig(at, 4), ofBig(length, 4)]);
    const [first, second] = [start, start + picture.length + loose.length];
    return full(
      "iloc",
      wide ? 2 : 1,
      ...[Uint8Array.of(0x44, 0), ofBig(3, wide ? 4 : 2), lie(1, 0, first, picture.length)],
      ...[inside ? lie(2, 1, 0, block.length) : lie(2, 0, second + xmp.length, block.length), lie(3, 0, second, xmp.length)],
    );
  };
  const meta = (start: number) =>
    full(
      "meta",
      0,
      ...[full("hdlr", 0, ofText("\0\0\0\0pict")), full("pitm", 0, ofBig(1, 2)), full("iinf", 0, ofBig(3, 2), infe(1, "hvc1", GPS), infe(2, "Exif"), infe(3, "mime", "\0application/rdf+xml"))],
      ...[properties, located(start), ...(inside ? [box("idat", block)] : []), box("uuid", ofText(GPS))],
    );
  const start = ftyp.length + meta(0).length + before.length + 8;
  const data = box("mdat", picture, loose, xmp, ...(inside ? [] : [block]), ofText(GPS));
  const file = joined([ftyp, meta(start), before, data, after]);
  return { file, at: (what) => (what === "picture" ? start : start + picture.length + loose.length) };
}

const has = (bytes: Uint8Array, letters: string): boolean => Buffer.from(bytes).includes(Buffer.from(letters, "latin1"));

test.each([{ inside: false }, { inside: true }, { wide: true }])("position, XMP, names and loose bytes are blanked where they lie: %j", (how) => {
  const { file, at } = heic(how);
  expect(has(file, GPS)).toBe(true);
  const found = strip(file);
  expect(found).toMatchObject({ type: "image/heic", ending: "heic", camera });
  expect(found.bytes).toHaveLength(file.length);
  expect(has(found.bytes, GPS)).toBe(false);
  const picture = at("picture");
  expect(found.bytes.slice(picture, picture + 18)).toEqual(ofText("a picture of cells"));
  const xmp = at("xmp");
  expect([...found.bytes.slice(xmp, xmp + 20)].every((byte) => byte === 0)).toBe(true);
  for (const kept of ["hvc1", "ispe", "irot", "iloc"]) expect(has(found.bytes, kept)).toBe(true);
  for (const gone of ["udes", "uuid", "Dr."]) expect(has(found.bytes, gone)).toBe(false);
  expect(strip(found.bytes).bytes).toEqual(found.bytes);
});

test("the new EXIF stands where readers look for it", () => {
  const { file, at } = heic();
  const { bytes } = strip(file);
  const start = at("xmp") + `<x:xmpmeta>${GPS}</x:xmpmeta>`.length;
  expect(bytes.slice(start, start + 10)).toEqual(joined([ofBig(6, 4), ofText("Exif\0\0")]));
  expect(readCamera(bytes.subarray(start + 10))).toEqual(camera);
});

test("an EXIF item with no room for a new one is zeros only", () => {
  const tiny = joined([ofBig(6, 4), ofText(`Exif\0\0${GPS}`)]);
  const { file, at } = heic({ block: tiny });
  const { bytes, camera: none } = strip(file);
  const start = at("xmp") + `<x:xmpmeta>${GPS}</x:xmpmeta>`.length;
  expect(bytes.slice(start, start + tiny.length)).toEqual(new Uint8Array(tiny.length));
  expect(none).toEqual({});
});

test("films and lists of makers around the picture are blanked or cut off", () => {
  const film = box("mpvd", ofText(`\xa9xyz${GPS}`));
  const track = box("moov", box("udta", ofText(GPS)));
  const { file } = heic({ before: track, after: joined([film, ofText(`SEFT ${GPS}`)]) });
  const { bytes } = strip(file);
  expect(has(bytes, GPS) || has(bytes, "mpvd") || has(bytes, "moov") || has(bytes, "SEFT")).toBe(false);
});

test("a file whose boxes do not fit is refused, wherever it is cut", () => {
  const { file } = heic();
  // Behind the last box there may be anything; up to there all must be whole.
  for (let length = 24; length < file.length; length += 1) {
    let kept: Uint8Array | undefined;
    try {
      kept = strip(file.slice(0, length)).bytes;
    } catch (reason) {
      expect(reason).toBeInstanceOf(NotStripped);
    }
    if (kept) expect(has(kept, GPS), `cut at ${length}`).toBe(false);
  }
  expect(() => strip(box("ftyp", ofText("heic\0\0\0\0mif1heic")))).toThrow(new NotStripped("damaged", "HEIC"));
});
