/** PNG files: the chunks of the picture and of its colors, and a new eXIf chunk of what is kept of the camera. */
import { type Bytes, big, joined, NotStripped, ofBig, ofText, text } from "./bytes";
import { bare, type Camera, readCamera, writeCamera } from "./exif";

const START = 8;
const KEPT = new Set(["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "bKGD", "pHYs", "cICP"]);
const damaged = () => new NotStripped("damaged", "PNG");

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** The checksum of a chunk: CRC-32 as PNG has it. */
export function checksum(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (value >>> 8) ^ (TABLE[(value ^ byte) & 255] ?? 0);
  return (value ^ 0xffffffff) >>> 0;
}

export function chunk(kind: string, payload: Uint8Array): Bytes {
  const body = joined([ofText(kind), payload]);
  return joined([ofBig(payload.length, 4), body, ofBig(checksum(body), 4)]);
}

/** A PNG without texts, times and other chunks, and without whatever follows its end. */
export function stripPng(file: Uint8Array): { bytes: Bytes; camera: Camera } {
  const parts: Uint8Array[] = [file.subarray(0, START)];
  let camera: Camera = {};
  for (let at = START; ; ) {
    const length = big(file, at, 4);
    const stop = at + 12 + length;
    if (!(stop <= file.length)) throw damaged();
    const kind = text(file, at + 4, at + 8);
    if (parts.length === 1 && kind !== "IHDR") throw damaged();
    if (kind === "eXIf") {
      camera = readCamera(bare(file.subarray(at + 8, stop - 4)));
      const block = writeCamera(camera);
      // After the pixels it would be lawful, too; before them every reader finds it.
      if (block.length > 0) parts.push(chunk("eXIf", block));
    } else if (KEPT.has(kind)) parts.push(file.subarray(at, stop));
    if (kind === "IEND") return { bytes: joined(parts), camera };
    at = stop;
  }
}
