/** From a file, or a frame of a camera, to a photograph that may be kept: stripped, with a small picture beside it. */
import { NotStripped } from "../../offline/photographs/strip/bytes";
import { strip, type Stripped } from "../../offline/photographs/strip/strip";

const SMALL_PX = 240;
const SMALL_QUALITY = 0.7;
const MOST_BYTES = 64 * 1024 * 1024;

/** Why a file is not kept: to be told in the words of `notTaken`. */
export interface NotTaken {
  name: string;
  why: "kind" | "damaged" | "empty" | "large" | "unread";
  kind: string;
}

/** Every reason is one to be told: a file that cannot be read is no fault of those after it. */
export const whyNot = (name: string, reason: unknown): NotTaken => {
  if (reason instanceof NotStripped) return { name, why: reason.why, kind: reason.kind };
  if (reason instanceof RangeError) return { name, why: "damaged", kind: "" };
  return { name, why: "unread", kind: "" };
};

export interface Prepared {
  stripped: Stripped;
  small: ArrayBuffer | null;
}

export async function prepare(file: Blob): Promise<Prepared | { why: "large" }> {
  if (file.size > MOST_BYTES) return { why: "large" };
  const stripped = strip(new Uint8Array(await file.arrayBuffer()));
  return { stripped, small: await smallOf(stripped) };
}

/** A canvas with a picture scaled so that its longer side has so many pixels. */
export function drawn(source: CanvasImageSource, width: number, height: number, longest: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  const scale = Math.min(1, longest / Math.max(width, height));
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.getContext("2d")?.drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
}

export const asJpeg = (canvas: HTMLCanvasElement, quality: number): Promise<Blob | null> => new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));

async function smallOf({ bytes, type }: Stripped): Promise<ArrayBuffer | null> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(new Blob([bytes], { type }));
  } catch {
    // Most browsers cannot read HEIC: the photograph goes without a small picture.
    return null;
  }
  const canvas = drawn(bitmap, bitmap.width, bitmap.height, SMALL_PX);
  bitmap.close();
  return (await (await asJpeg(canvas, SMALL_QUALITY))?.arrayBuffer()) ?? null;
}

/** The day in this place, without a time. */
export function dayOf(moment: number): string {
  const date = new Date(moment);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

const CROP = { width: 2_000, height: 1_500 };
const MOST_SENT = 4 * 1024 * 1024 - 1024;

/** A photograph of a stage micrometer as the service takes it: never made smaller, so of a large one the middle. */
export async function forMicrometer(file: Blob): Promise<Blob> {
  const { bytes, type } = strip(new Uint8Array(await file.arrayBuffer()));
  if (bytes.length <= MOST_SENT) return new Blob([bytes], { type });
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(new Blob([bytes], { type }));
  } catch {
    throw new NotStripped("kind", type);
  }
  const [width, height] = [Math.min(CROP.width, bitmap.width), Math.min(CROP.height, bitmap.height)];
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.drawImage(bitmap, Math.floor((bitmap.width - width) / 2), Math.floor((bitmap.height - height) / 2), width, height, 0, 0, width, height);
  bitmap.close();
  const middle = await asJpeg(canvas, 0.92);
  if (!middle) throw new NotStripped("damaged", type);
  return middle;
}

/** A small file of ours, or bytes, handed over to be kept elsewhere. */
export function handOver(files: readonly File[]): void {
  files.forEach((file, index) => {
    // One after the other: a browser that is given many at once keeps only the last.
    setTimeout(() => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(file);
      link.download = file.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    }, index * 300);
  });
}

/** To the sheet of the device that keeps files, where there is one; else as downloads. */
export async function saveFiles(files: readonly File[]): Promise<boolean> {
  const shared = { files: [...files] };
  const touched = matchMedia("(pointer: coarse)").matches;
  if (touched && navigator.canShare?.(shared)) {
    try {
      await navigator.share(shared);
      return true;
    } catch (reason) {
      if (reason instanceof DOMException && reason.name === "AbortError") return false;
    }
  }
  handOver(files);
  return true;
}
