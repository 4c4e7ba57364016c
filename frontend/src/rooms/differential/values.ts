/** What the service says of a differential count, and small things that several parts of its page need. */
import type { components } from "../../api/schema";
import type { Words } from "../../words/en";

type Schemas = components["schemas"];
export type Differential = Schemas["Differential"];
export type DifferentialRow = Schemas["DifferentialRow"];
export type Figure = Schemas["Figure"];
export type Limits = Schemas["Limits"];
export type ReferenceView = Schemas["ReferenceView"];
export type KeptReference = Schemas["KeptReference"];

/** So that what floating point adds to a whole percent does not make it the next. */
const HAIR = 1e-9;

/** Rows that are shown: those with cells, and the usual ones; or all. */
export const shownRows = (rows: readonly DifferentialRow[], all: boolean): readonly DifferentialRow[] =>
  all ? rows : rows.filter((row) => row.count > 0 || row.usual);

/** Outward to whole percents, as Rümke's table has its limits. */
export const outward = (low: number, high: number): readonly [number, number] => [Math.floor(low + HAIR), Math.ceil(high - HAIR)];

export function limitsText({ low, high }: Limits, words: Words): string {
  const { differential } = words;
  if (typeof low !== "number") return typeof high === "number" ? differential.atMost(high) : differential.any;
  return typeof high === "number" ? differential.between(low, high) : differential.atLeast(low);
}

const DIGITS = "۰۱۲۳۴۵۶۷۸۹";
const ARABIC = "٠١٢٣٤٥٦٧٨٩";

/** A number as people type it, in Latin, Persian or Arabic digits, with a point or a comma; `undefined` where it is none. */
export function typedNumber(text: string): number | undefined {
  const latin = [...text.trim()]
    .map((sign) => {
      const digit = Math.max(DIGITS.indexOf(sign), ARABIC.indexOf(sign));
      return digit >= 0 ? String(digit) : sign;
    })
    .join("")
    .replace(/[,٫،]/, ".");
  return /^\d+(\.\d*)?$|^\.\d+$/.test(latin) ? Number(latin) : undefined;
}
