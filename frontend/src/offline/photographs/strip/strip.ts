/** A photograph before it is kept on this device: nothing in it but the picture, its colors, and seven values of the camera. */
import { type Bytes, NotStripped, startsWith, text } from "./bytes";
import type { Camera } from "./exif";
import { stripHeic } from "./heic";
import { stripJpeg } from "./jpeg";
import { stripPng } from "./png";

export interface Stripped {
  bytes: Bytes;
  camera: Camera;
  type: "image/jpeg" | "image/png" | "image/heic";
  /** What the file's name ends with. */
  ending: "jpg" | "png" | "heic";
}

const HEIC = new Set(["heic", "heix", "heim", "heis", "hevc", "hevx"]);
const OTHERS: readonly (readonly [string, string])[] = [
  ["II*\0", "TIFF"],
  ["MM\0*", "TIFF"],
  ["BM", "BMP"],
  ["GIF8", "GIF"],
  ["8BPS", "Photoshop"],
  ["%PDF", "PDF"],
];

/** What a file is, by its first bytes, as the service looks at it. */
export function kindOf(file: Uint8Array): string {
  if (startsWith(file, "\xff\xd8\xff")) return "JPEG";
  if (startsWith(file, "\x89PNG\r\n\x1a\n")) return "PNG";
  if (startsWith(file, "RIFF") && startsWith(file, "WEBP", 8)) return "WebP";
  if (startsWith(file, "ftyp", 4)) {
    const size = Math.min((file[2] ?? 0) * 256 + (file[3] ?? 0), 64, file.length);
    const brands = [8, ...Array.from({ length: 12 }, (_, index) => 16 + 4 * index)].filter((at) => at + 4 <= size).map((at) => text(file, at, at + 4));
    if (brands.some((brand) => HEIC.has(brand))) return "HEIC";
    return brands.some((brand) => brand.startsWith("avi")) ? "AVIF" : "MP4";
  }
  return OTHERS.find(([begin]) => startsWith(file, begin))?.[1] ?? "";
}

/** Strip a photograph. `NotStripped` is thrown for a file of a kind that this page cannot strip, and for a broken one. */
export function strip(file: Uint8Array): Stripped {
  if (file.length === 0) throw new NotStripped("empty");
  const kind = kindOf(file);
  if (kind === "JPEG") return { ...stripJpeg(file), type: "image/jpeg", ending: "jpg" };
  if (kind === "PNG") return { ...stripPng(file), type: "image/png", ending: "png" };
  if (kind === "HEIC") return { ...stripHeic(file), type: "image/heic", ending: "heic" };
  throw new NotStripped("kind", kind);
}
