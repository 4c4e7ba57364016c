/** The matrix as numbers: which rows are shown, how dark a number stands, and where it leads. */
import type { AgreementReport } from "../../api/client";
import type { Words } from "../../words/en";

/** What the service calls the row of no label; no term has such a key. */
export const NO_LABEL = "-";
export const SHADES = 10;
export const VIEWS = ["counts", "shares"] as const;
export type View = (typeof VIEWS)[number];

type Row = AgreementReport["rows"][number];

export const keyOf = ({ key }: Row): string => key ?? NO_LABEL;

export const rowName = (row: Row, words: Words): string =>
  row.key === null ? words.agreement.noLabel : (words.term[row.key] ?? row.name);

/** The name of an answer that stands in an address. */
export const answerName = (key: string | null, words: Words, fallback: (key: string) => string): string =>
  key === null ? words.agreement.whole : key === NO_LABEL ? words.agreement.noLabel : fallback(key);

/** Places of the rows to show: all, or those that anybody used; no label always. */
export function shownRows({ matrix, rows }: AgreementReport, all: boolean): number[] {
  const places = rows.map((_, at) => at);
  const used = (at: number) => at === rows.length - 1 || places.some((other) => matrix[at]?.[other] || matrix[other]?.[at]);
  return all ? places : places.filter(used);
}

export const countAt = ({ matrix }: AgreementReport, row: number, column: number): number => matrix[row]?.[column] ?? 0;
export const rowTotal = ({ matrix }: AgreementReport, row: number): number =>
  (matrix[row] ?? []).reduce((total, count) => total + count, 0);
export const columnTotal = ({ matrix }: AgreementReport, column: number): number =>
  matrix.reduce((total, counts) => total + (counts[column] ?? 0), 0);
export const largest = ({ matrix }: AgreementReport): number => Math.max(1, ...matrix.flat());

/** How strong a number is shaded, 0 to 9; `null` for none. Counts span four tens, so they go by their logarithm. */
export function shadeOf(count: number, view: View, total: number, most: number): number | null {
  if (count === 0) return null;
  const part = view === "shares" ? count / total : most > 1 ? Math.log(count) / Math.log(most) : 1;
  return Math.min(SHADES - 1, Math.floor(part * SHADES));
}

/** A share of a row in percent; what would round to nothing says so. */
export function shareText(count: number, total: number, words: Words): string {
  const percent = (100 * count) / total;
  return percent < 0.05 ? `<${words.agreement.tenth(0.1)}` : words.agreement.tenth(percent);
}

/** The gallery of exactly the cells of which the experts said this; `null` is whatever that expert said. */
export function cellsAddress(round: string, level: string, first: string | null, second: string | null): string {
  const query = new URLSearchParams({ round, level });
  if (first !== null) query.set("first", first);
  if (second !== null) query.set("second", second);
  return `/cells?${query.toString()}`;
}

export const matrixAddress = (round: string, level: string | null): string =>
  `/agreement/${encodeURIComponent(round)}${level === null || level === "full" ? "" : `?level=${encodeURIComponent(level)}`}`;

export type Direction = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown" | "Home" | "End";
const STEPS: Record<string, readonly [number, number]> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

/** Where an arrow leads in a grid with holes: the next place of that line that has a number, or nowhere. */
export function stepFrom(
  [row, column]: readonly [number, number],
  key: string,
  [rows, columns]: readonly [number, number],
  has: (row: number, column: number) => boolean,
): readonly [number, number] | null {
  if (key === "Home" || key === "End") {
    const along = Array.from({ length: columns }, (_, at) => at).filter((at) => has(row, at));
    const to = key === "Home" ? along[0] : along.at(-1);
    return to === undefined || to === column ? null : [row, to];
  }
  const step = STEPS[key];
  if (!step) return null;
  for (let [i, j] = [row + step[0], column + step[1]]; i >= 0 && j >= 0 && i < rows && j < columns; i += step[0], j += step[1]) {
    if (has(i, j)) return [i, j];
  }
  return null;
}
