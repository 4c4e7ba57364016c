/** Labels on sheets of A4, in millimeters: sheets of 24 and 48 as they are sold, and squares to cut for the end of a slide. */
import encodeQR from "qr";

import { isCode, type Mark, markText } from "../capture/mark";

export type SheetName = "24" | "48" | "slide";
export const SHEETS: readonly SheetName[] = ["24", "48", "slide"];
export const MOST_LABELS = 480;
export const PAGE = { width: 210, height: 297 };

interface Form {
  columns: number;
  rows: number;
  width: number;
  height: number;
  left: number;
  top: number;
  gap: number;
  symbol: number;
  /** Whether the letters stand below the code, not beside it. */
  under: boolean;
}

const FORMS: Record<SheetName, Form> = {
  "24": { columns: 3, rows: 8, width: 70, height: 37, left: 0, top: 0.5, gap: 0, symbol: 26, under: false },
  "48": { columns: 4, rows: 12, width: 45.7, height: 21.2, left: 9.75, top: 21.3, gap: 2.54, symbol: 17, under: false },
  slide: { columns: 8, rows: 11, width: 22, height: 22, left: 10, top: 15, gap: 2, symbol: 16.5, under: true },
};
const DIGITS = 4;
/** Letters of one width are so wide, as a share of their height. */
const LETTER = 0.62;
const LARGEST_MM = 4.2;
const SMALLEST_MM = 1.7;
const RIM_MM = 1.5;
/** Around the code stays so much white, in its own squares, for readers to find it. */
const QUIET = 4;

/** Codes that follow each other, with numbers of the same length. */
export const range = (prefix: string, first: number, count: number): string[] => Array.from({ length: count }, (_, index) => `${prefix}${String(first + index).padStart(DIGITS, "0")}`);

/** Whether a row of codes can be printed. */
export const isRange = (prefix: string, first: number, count: number): boolean =>
  Number.isInteger(first) && first >= 0 && Number.isInteger(count) && count >= 1 && count <= MOST_LABELS && isCode(range(prefix, first + count - 1, 1)[0] ?? "");

/** The dark squares of a code as one path, in squares from the corner of its quiet rim, and how many lie side by side. */
export function symbolOf(mark: Mark): { path: string; side: number } {
  const rows = encodeQR(markText(mark), "raw", { ecc: "medium", border: QUIET });
  let path = "";
  rows.forEach((row, y) => {
    for (let x = 0; x < row.length; x += 1) {
      if (!row[x]) continue;
      const from = x;
      while (row[x + 1]) x += 1;
      path += `M${from} ${y}h${x - from + 1}v1h${from - x - 1}z`;
    }
  });
  return { path, side: rows.length };
}

/** A text in lines that fit a width, with letters as large as that allows. */
export function fitted(text: string, width: number): { lines: string[]; size: number } {
  const most = Math.max(1, Math.floor(width / (LETTER * SMALLEST_MM)));
  const count = Math.ceil(text.length / most);
  const each = Math.ceil(text.length / count);
  const lines = Array.from({ length: count }, (_, index) => text.slice(index * each, (index + 1) * each));
  return { lines, size: Math.min(LARGEST_MM, width / (LETTER * each)) };
}

export interface Label {
  mark: Mark;
  /** Of the label, from the corner of the sheet. */
  left: number;
  top: number;
  width: number;
  height: number;
  symbol: { path: string; scale: number; left: number; top: number };
  lines: readonly { text: string; size: number; left: number; baseline: number }[];
  /** Letters stand in the middle below, or begin beside the code. */
  centered: boolean;
}

function placed(mark: Mark, form: Form, place: number): Label {
  const { columns, width, height, gap, symbol, under } = form;
  const left = form.left + (place % columns) * (width + gap);
  // The gap of sheets that are sold lies between columns only.
  const top = form.top + Math.floor(place / columns) * (height + (under ? gap : 0));
  const { path, side } = symbolOf(mark);
  const beside = { left: left + RIM_MM, top: top + (height - symbol) / 2 };
  const at = under ? { left: left + (width - symbol) / 2, top } : beside;
  const room = under ? width - RIM_MM : width - symbol - 2.5 * RIM_MM;
  const { lines, size } = fitted(mark.code, room);
  const site = mark.site && !under ? fitted(mark.site.slice(0, 40), room) : { lines: [], size: 0 };
  const all = [...lines.map((text) => ({ text, size })), ...site.lines.map((text) => ({ text, size: Math.min(site.size, 2.4) }))];
  const tall = all.reduce((sum, each) => sum + each.size * 1.2, 0);
  let baseline = under ? top + symbol : top + (height - tall) / 2;
  return {
    ...{ mark, left, top, width, height, centered: under },
    symbol: { path, scale: symbol / side, ...at },
    lines: all.map((each) => {
      baseline += each.size * 1.2;
      return { ...each, left: under ? left + width / 2 : at.left + symbol + RIM_MM / 2, baseline: baseline - each.size * 0.3 };
    }),
  };
}

/** Labels sheet by sheet. */
export function sheetsOf(marks: readonly Mark[], name: SheetName): Label[][] {
  const form = FORMS[name];
  const most = form.columns * form.rows;
  return Array.from({ length: Math.ceil(marks.length / most) }, (_, page) => marks.slice(page * most, (page + 1) * most).map((mark, place) => placed(mark, form, place)));
}
