import { expect, test } from "vitest";

import { type Bytes, joined, NotStripped, ofBig, ofText, text } from "./bytes";
import { type Camera, headed, readCamera, writeCamera } from "./exif";
import { chunk } from "./png";
import { strip } from "./strip";

const GPS = "35.6892N051.3890E";
const SECRETS = [GPS, "SERIAL-4711", "Dr. Nobody", "ward 7", "a thumbnail", "a film"];
const camera: Camera = { make: "samsung", model: "SM-G900F", orientation: 6, exposure: [1, 60], aperture: [22, 10], iso: 400, focal: [48, 10] };

const holds = (bytes: Uint8Array, letters: string): boolean => {
  const wanted = ofText(letters);
  for (let at = bytes.indexOf(wanted[0] ?? 0); at >= 0; at = bytes.indexOf(wanted[0] ?? 0, at + 1)) if (wanted.every((byte, index) => bytes[at + index] === byte)) return true;
  return false;
};
const leaks = (bytes: Uint8Array): string[] => SECRETS.filter((secret) => holds(bytes, secret));

/** An EXIF block as a telephone writes it, of either byte order: the camera, a position, a serial number, names, and a small picture with EXIF of its own. */
function telephoneExif(little = true): Bytes {
  const order = (bytes: Uint8Array) => (little ? bytes.slice().reverse() : bytes);
  const short = (value: number) => order(ofBig(value, 2));
  const long = (value: number) => order(ofBig(value, 4));
  const parts: Uint8Array[] = [];
  let end = 8;
  const lay = (bytes: Uint8Array): number => {
    const at = end;
    parts.push(bytes);
    end += bytes.length;
    return at;
  };
  const letters = (id: number, value: string): Uint8Array => joined([short(id), short(2), long(value.length + 1), long(lay(ofText(`${value}\0`)))]);
  const ratio = (id: number, [top, bottom]: readonly [number, number]): Uint8Array => joined([short(id), short(5), long(1), long(lay(joined([long(top), long(bottom)])))]);
  const number = (id: number, value: number): Uint8Array => joined([short(id), short(3), long(1), short(value), short(0)]);
  const pointer = (id: number, at: number): Uint8Array => joined([short(id), short(4), long(1), long(at)]);
  const directory = (entries: readonly Uint8Array[], next = 0): number => lay(joined([short(entries.length), ...entries, long(next)]));
  const gps = directory([letters(2, GPS)]);
  const inner = directory([
    ...[ratio(0x829a, [1, 60]), ratio(0x829d, [22, 10]), number(0x8827, 400), letters(0x9003, "2026:11:23 10:00:00")],
    ...[ratio(0x920a, [48, 10]), letters(0xa431, "SERIAL-4711"), letters(0xa430, "Dr. Nobody"), letters(0x927c, "ward 7")],
  ]);
  const small = lay(ofText("\xff\xd8a thumbnail\xff\xd9"));
  const second = directory([pointer(0x0201, small), pointer(0x0202, 15)]);
  const first = directory(
    [letters(0x010f, "samsung"), letters(0x0110, "SM-G900F"), number(0x0112, 6), letters(0x013b, "Dr. Nobody"), pointer(0x8769, inner), pointer(0x8825, gps)],
    second,
  );
  return joined([ofText(little ? "II" : "MM"), short(42), long(first), ...parts]);
}

const segment = (marker: number, payload: Uint8Array): Bytes => joined([Uint8Array.of(0xff, marker), ofBig(payload.length + 2, 2), payload]);
const SCAN = joined([segment(0xda, Uint8Array.of(1, 1, 0, 0, 63, 0)), Uint8Array.of(1, 2, 0xff, 0, 3, 0xff, 0xd0, 4, 5)]);
const TABLES = [segment(0xdb, new Uint8Array(65).fill(1)), segment(0xc0, Uint8Array.of(8, 0, 1, 0, 1, 1, 1, 17, 0)), segment(0xc4, new Uint8Array(20).fill(2))];
const JFIF = segment(0xe0, ofText("JFIF\0\x01\x02\0\0\x01\0\x01\x02\x02a thumbnail"));
const picture = (...parts: Uint8Array[]): Bytes => joined([Uint8Array.of(0xff, 0xd8), ...parts, ...TABLES, SCAN, Uint8Array.of(0xff, 0xd9)]);
const app1 = (little?: boolean) => segment(0xe1, headed(telephoneExif(little)));

test.each([true, false])("of a telephone's EXIF the camera is kept and nothing else (low byte first: %s)", (little) => {
  expect(leaks(telephoneExif(little))).toEqual([GPS, "SERIAL-4711", "Dr. Nobody", "ward 7", "a thumbnail"]);
  expect(readCamera(telephoneExif(little))).toEqual(camera);
  const fresh = writeCamera(readCamera(telephoneExif(little)));
  expect(readCamera(fresh)).toEqual(camera);
  expect(leaks(fresh)).toEqual([]);
  expect(fresh.length).toBeLessThan(200);
});

test.each([["turned only", { orientation: 3 }], ["odd letters", { model: "AB" }], ["inner only", { iso: 70_000 }], ["nothing", {}]] as [string, Camera][])("a block is written and read again: %s", (_, some) => {
  expect(readCamera(writeCamera(some))).toEqual(some);
});

test("what makes no sense in EXIF is left out, and nothing is thrown", () => {
  const block = telephoneExif();
  for (let length = 0; length < block.length; length += 1) expect(() => readCamera(block.subarray(0, length))).not.toThrow();
  for (let at = 0; at < block.length; at += 1) {
    const broken = block.slice();
    broken[at] = 0xff;
    expect(leaks(writeCamera(readCamera(broken))).filter((each) => each !== "SM-G900F")).toEqual([]);
  }
});

test("a JPEG keeps its picture, its profile and the camera; position, names, films and second pictures are gone", () => {
  const profile = segment(0xe2, ofText("ICC_PROFILE\0\x01\x01a profile"));
  const adobe = segment(0xee, ofText("Adobe\0d\0\0\0\0\x01ward 7"));
  const file = joined([
    picture(
      ...[JFIF, app1(), segment(0xe1, ofText(`http://ns.adobe.com/xap/1.0/\0<x>${GPS}</x>`)), profile, segment(0xe2, ofText(`MPF\0${GPS}`))],
      ...[segment(0xed, ofText("Photoshop 3.0\0Dr. Nobody")), segment(0xe5, ofText("SERIAL-4711")), adobe, segment(0xfe, ofText("ward 7"))],
    ),
    // A second picture with EXIF of its own, as MPF and Ultra HDR files have it, a film, and a maker's list at the end.
    picture(app1()),
    ofText(`\0\0\0\x18ftypmp42 a film ${GPS}`),
    ofText("SEFHSERIAL-4711SEFT"),
  ]);
  const found = strip(file);
  expect(found).toMatchObject({ type: "image/jpeg", ending: "jpg", camera });
  expect(leaks(found.bytes)).toEqual([]);
  const header = segment(0xe0, ofText("JFIF\0\x01\x02\0\0\x01\0\x01\0\0"));
  const plainAdobe = segment(0xee, ofText("Adobe\0d\0\0\0\0\x01"));
  expect(found.bytes).toEqual(picture(header, segment(0xe1, headed(writeCamera(camera))), profile, plainAdobe));
  expect(strip(found.bytes).bytes).toEqual(found.bytes);
});

test("a JPEG without EXIF gets none; padding and bytes between segments are dropped", () => {
  const loose = joined([Uint8Array.of(0xff, 0xd8), Uint8Array.of(0xff, 0xff), ...TABLES, ofText(GPS), SCAN, Uint8Array.of(0xff, 0xd9)]);
  expect(strip(loose).bytes).toEqual(picture());
  expect(strip(picture()).bytes).toEqual(picture());
});

test.each(["end", "scan", "segment", "only tables"])("a JPEG that is cut short is refused: %s", (what) => {
  const whole = picture(app1());
  const cut = { end: whole.slice(0, -2), scan: whole.slice(0, -9), segment: whole.slice(0, 40), "only tables": joined([Uint8Array.of(0xff, 0xd8), ...TABLES, Uint8Array.of(0xff, 0xd9)]) }[what];
  expect(() => strip(cut ?? new Uint8Array(0))).toThrow(new NotStripped("damaged", "JPEG"));
});

const PNG = ofText("\x89PNG\r\n\x1a\n");
const IHDR = chunk("IHDR", Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0));

test("a PNG keeps picture and colors; texts, times and what follows its end are gone", () => {
  const gamma = chunk("gAMA", ofBig(45_455, 4));
  const data = chunk("IDAT", ofText("not really packed"));
  const end = chunk("IEND", new Uint8Array(0));
  const file = joined([
    ...[PNG, IHDR, gamma, chunk("tEXt", ofText(`Author\0Dr. Nobody`)), chunk("iTXt", ofText(`XML:com.adobe.xmp\0\0\0\0\0${GPS}`))],
    ...[chunk("eXIf", telephoneExif()), chunk("tIME", new Uint8Array(7)), chunk("prVW", ofText("a thumbnail")), data, end, ofText("a film")],
  ]);
  const found = strip(file);
  expect(found).toMatchObject({ type: "image/png", camera });
  expect(leaks(found.bytes)).toEqual([]);
  expect(found.bytes).toEqual(joined([PNG, IHDR, gamma, chunk("eXIf", writeCamera(camera)), data, end]));
  expect(() => strip(file.slice(0, -30))).toThrow(NotStripped);
  // As Python's zlib.crc32 of IEND says.
  expect(end.slice(-4)).toEqual(Uint8Array.of(0xae, 0x42, 0x60, 0x82));
});

test.each([
  ["GIF89a", "GIF"],
  ["II*\0....", "TIFF"],
  ["BM....", "BMP"],
  ["RIFF....WEBPVP8 ", "WebP"],
  ["\0\0\0\x14ftypavif\0\0\0\0mif1", "AVIF"],
  ["\0\0\0\x14ftypmp42\0\0\0\0isom", "MP4"],
  ["dear diary", ""],
])("what cannot be stripped is refused by name: %s", (begin, kind) => {
  expect(() => strip(joined([ofText(begin), ofText(GPS)]))).toThrow(new NotStripped("kind", kind));
});

test("an empty file is none", () => {
  expect(() => strip(new Uint8Array(0))).toThrow(new NotStripped("empty"));
  expect(text(new Uint8Array(0))).toBe("");
});
