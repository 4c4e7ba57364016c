/** The matrix as text for a table program and for a paper: counts, in the words of the taxonomy. */
import type { AgreementReport } from "../../api/client";
import { columnTotal, countAt, rowTotal } from "./matrix";

/** What a simulated matrix says of itself travels with it. */
const corner = ({ experts: [first, second], simulated }: AgreementReport): string =>
  `${simulated ? "SIMULATED: " : ""}${first} (rows), ${second} (columns)`;

function lines(report: AgreementReport, places: readonly number[]): { heads: string[]; rows: [string, number[]][] } {
  const name = (at: number) => report.rows[at]?.name ?? "";
  return {
    heads: [...places.map(name), "total"],
    rows: [
      ...places.map((row): [string, number[]] => [name(row), [...places.map((column) => countAt(report, row, column)), rowTotal(report, row)]]),
      ["total", [...places.map((column) => columnTotal(report, column)), report.cells]],
    ],
  };
}

/** A word for a table program: quoted where it must be, and never taken for a formula. */
function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function asCsv(report: AgreementReport, places: readonly number[]): string {
  const { heads, rows } = lines(report, places);
  return [[corner(report), ...heads].map(quoted), ...rows.map(([name, counts]) => [quoted(name), ...counts.map(String)])]
    .map((row) => `${row.join(",")}\n`)
    .join("");
}

const SPECIAL: Record<string, string> = { "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" };
const escaped = (text: string): string => text.replace(/[\\~^&%$#_{}]/g, (sign) => SPECIAL[sign] ?? `\\${sign}`);

export function asLatex(report: AgreementReport, places: readonly number[]): string {
  const { heads, rows } = lines(report, places);
  const row = (words: readonly string[]) => `${words.join(" & ")} \\\\`;
  const text = [
    `% ${report.taxonomy}, level ${report.level}; the rotated words need \\usepackage{graphicx}`,
    `\\begin{tabular}{l${"r".repeat(heads.length)}}`,
    "\\hline",
    row([escaped(corner(report)), ...heads.map((head) => `\\rotatebox{90}{${escaped(head)}}`)]),
    "\\hline",
    ...rows.map(([name, counts], at) => `${at === rows.length - 1 ? "\\hline\n" : ""}${row([escaped(name), ...counts.map(String)])}`),
    "\\hline",
    "\\end{tabular}",
  ];
  return `${text.join("\n")}\n`;
}
