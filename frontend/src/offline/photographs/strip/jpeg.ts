/** JPEG files, taken apart and put together without decoding: the picture, its profile, and what is kept of the camera. */
import { type Bytes, big, joined, NotStripped, ofBig, ofText, startsWith } from "./bytes";
import { bare, type Camera, headed, readCamera, writeCamera } from "./exif";

interface Segment {
  marker: number;
  start: number;
  stop: number;
  payload: Uint8Array;
}

const SOS = 0xda;
const EOI = 0xd9;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP2 = 0xe2;
const APP14 = 0xee;
const damaged = () => new NotStripped("damaged", "JPEG");

/** Where the pixel data of a scan end: at a marker that is no restart and no byte that only looks like one. */
function scanEnd(file: Uint8Array, from: number): number {
  for (let at = file.indexOf(0xff, from); at >= 0 && at + 1 < file.length; at = file.indexOf(0xff, at + 1)) {
    const next = file[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  throw damaged();
}

/** The segments between the start and the first end marker: whatever follows it is no part of the picture. */
function segments(file: Uint8Array): Segment[] {
  const found: Segment[] = [];
  let at = 2;
  for (;;) {
    at = file.indexOf(0xff, at);
    while (at >= 0 && file[at + 1] === 0xff) at += 1;
    const marker = at < 0 ? undefined : file[at + 1];
    if (marker === undefined) throw damaged();
    if (marker === EOI) return found;
    if (marker === 0 || marker === 1 || (marker >= 0xd0 && marker <= 0xd7)) {
      at += 2;
      continue;
    }
    const length = big(file, at + 2, 2);
    let stop = at + 2 + length;
    if (!(length >= 2) || stop > file.length || marker === 0xd8) throw damaged();
    const payload = file.subarray(at + 4, stop);
    if (marker === SOS) stop = scanEnd(file, stop);
    found.push({ marker, start: at, stop, payload });
    at = stop;
  }
}

const isPicture = (marker: number): boolean => (marker >= 0xc0 && marker <= 0xcf) || (marker >= 0xda && marker <= 0xdf);
const segment = (marker: number, payload: Uint8Array): Bytes => joined([Uint8Array.of(0xff, marker), ofBig(payload.length + 2, 2), payload]);

/** What is kept of a segment; nothing of most. */
function kept(file: Uint8Array, { marker, start, stop, payload }: Segment): Uint8Array | undefined {
  if (isPicture(marker)) return file.subarray(start, stop);
  if (marker === APP2 && startsWith(payload, "ICC_PROFILE\0")) return file.subarray(start, stop);
  // Which way colors are stored; what follows these twelve bytes is not said to be anything.
  if (marker === APP14 && startsWith(payload, "Adobe") && payload.length >= 12) return segment(APP14, payload.subarray(0, 12));
  return undefined;
}

/** A JPEG without everything that is not the picture, its color profile, or one of the few values kept of the camera. */
export function stripJpeg(file: Uint8Array): { bytes: Bytes; camera: Camera } {
  const all = segments(file);
  const jfif = all.find(({ marker, payload }) => marker === APP0 && startsWith(payload, "JFIF\0") && payload.length >= 14);
  const exif = all.find(({ marker, payload }) => marker === APP1 && startsWith(payload, "Exif\0"));
  const camera = exif ? readCamera(bare(exif.payload)) : {};
  const block = writeCamera(camera);
  const picture = all.map((each) => kept(file, each)).filter((each) => each !== undefined);
  if (!all.some(({ marker }) => marker === SOS)) throw damaged();
  return {
    bytes: joined([
      Uint8Array.of(0xff, 0xd8),
      ...(jfif ? [segment(APP0, joined([jfif.payload.subarray(0, 12), ofText("\0\0")]))] : []),
      ...(block.length > 0 ? [segment(APP1, headed(block))] : []),
      ...picture,
      Uint8Array.of(0xff, EOI),
    ]),
    camera,
  };
}
