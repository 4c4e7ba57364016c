/** The mark on a slide: its code as a QR code that other programs may read, too, and how it is read back. */
import decodeQR from "qr/decode.js";

export interface Mark {
  code: string;
  /** Where the smear was made; not said where that is not known. */
  site?: string;
}

const BEGIN = "buffycoat:smear/";
const CODE = /^[0-9A-Za-z][0-9A-Za-z_./+:#-]{0,39}$/;
const LONGEST_SITE = 40;
/** Larger than this a frame is made smaller before a code is sought: the marks are large, and the page stays quick. */
const LONGEST_PX = 1_000;

/** Whether a text can be the code of a slide: no spaces, so that nobody writes a name. */
export const isCode = (text: string): boolean => CODE.test(text);

export function markText({ code, site }: Mark): string {
  const place = site && site !== "unknown" ? `?site=${encodeURIComponent(site)}` : "";
  return `${BEGIN}${encodeURIComponent(code)}${place}`;
}

/** What a QR code says, of ours or of another program's that holds a bare code; nothing where it is neither. */
export function readMark(text: string): Mark | undefined {
  const said = text.trim();
  if (!said.toLowerCase().startsWith(BEGIN)) return isCode(said) && !/^[a-z]+:\/\//i.test(said) ? { code: said } : undefined;
  const [path = "", query = ""] = said.slice(BEGIN.length).split("?", 2);
  let code: string;
  try {
    code = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  if (!isCode(code)) return undefined;
  const site = (new URLSearchParams(query).get("site") ?? "").slice(0, LONGEST_SITE);
  return site === "" ? { code } : { code, site };
}

interface Detector {
  detect: (source: CanvasImageSource) => Promise<{ rawValue: string }[]>;
}
type DetectorMaker = (new (options: { formats: string[] }) => Detector) & { getSupportedFormats?: () => Promise<string[]> };

let detector: Promise<Detector | undefined> | undefined;

/** The browser's own reader, where it has one that knows these codes. */
async function nativeDetector(): Promise<Detector | undefined> {
  const Maker = (globalThis as { BarcodeDetector?: DetectorMaker }).BarcodeDetector;
  const formats = await Maker?.getSupportedFormats?.().catch((): string[] => []);
  return Maker && formats?.includes("qr_code") ? new Maker({ formats: ["qr_code"] }) : undefined;
}

/** The text of a QR code in a picture, read by the browser itself where it can, else here. */
export async function readCode(source: CanvasImageSource, width: number, height: number): Promise<string | undefined> {
  detector ??= nativeDetector();
  const native = await detector;
  const found = await native?.detect(source).catch(() => undefined);
  if (found?.[0]) return found[0].rawValue;
  const scale = Math.min(1, LONGEST_PX / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return undefined;
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return decoded(context.getImageData(0, 0, canvas.width, canvas.height));
}

/** The same of pixels, by the decoder that comes along. */
export function decoded(pixels: { width: number; height: number; data: Uint8ClampedArray }): string | undefined {
  try {
    return decodeQR(pixels, { timeLimit: 100 });
  } catch {
    // It says so by an error where there is no code in a picture, which most frames have not.
    return undefined;
  }
}
