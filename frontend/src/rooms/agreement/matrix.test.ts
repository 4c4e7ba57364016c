import { describe, expect, it } from "vitest";

import type { AgreementReport } from "../../api/client";
import { en } from "../../words/en";
import { fa } from "../../words/fa";
import { asCsv, asLatex } from "./copied";
import { cellsAddress, matrixAddress, shadeOf, shareText, shownRows, stepFrom } from "./matrix";

const nothing = { value: null, interval: null };
const report: AgreementReport = {
  experts: ["one", "=other, 2"],
  taxonomy: "raabin@1",
  level: "full",
  merge: "before",
  rows: [
    { key: "a", name: "band & co", outside: false },
    { key: "b", name: "never", outside: false },
    { key: "c", name: "smudge_cell", outside: false },
    { key: null, name: "no label", outside: false },
  ],
  matrix: [
    [10, 0, 2, 0],
    [0, 0, 0, 0],
    [0, 0, 1000, 1],
    [0, 0, 0, 0],
  ],
  smears: 2,
  cells: 1013,
  never_labeled: 0,
  one_label: 1,
  both_labeled: 1012,
  offered: 3,
  equal: 1010,
  raw: nothing,
  kappa: nothing,
  ac1: nothing,
  differ_within: 0,
  classes: null,
  per_class: [],
  confused: [],
  not_recognized_by_both: 0,
  simulated: false,
};

describe("the matrix", () => {
  it("leaves out what nobody used, and never the row of no label", () => {
    expect(shownRows(report, false)).toEqual([0, 2, 3]);
    expect(shownRows(report, true)).toEqual([0, 1, 2, 3]);
    expect(shownRows({ ...report, matrix: report.matrix.map((row) => row.map(() => 0)) }, false)).toEqual([3]);
  });
  it.each([
    [0, "counts", 10, 1000, null],
    [1, "counts", 10, 1000, 0],
    [31, "counts", 10, 1000, 4],
    [1000, "counts", 1000, 1000, 9],
    [1, "counts", 1, 1, 9],
    [1, "shares", 1000, 1000, 0],
    [55, "shares", 100, 1000, 5],
    [7, "shares", 7, 1000, 9],
  ] as const)("shades %i in %s of %i, at most %i: %s", (count, view, total, most, shade) => {
    expect(shadeOf(count, view, total, most)).toBe(shade);
  });
  it("says a share, and says of little that it is not nothing", () => {
    expect([shareText(1, 3, en), shareText(1, 9000, en), shareText(1, 1, en)]).toEqual(["33.3", "<0.1", "100.0"]);
    expect(shareText(1, 3, fa)).toBe("۳۳٫۳");
  });
  it("leads to its cells and back", () => {
    expect(cellsAddress("raabin", "full", "a.b", "-")).toBe("/cells?round=raabin&level=full&first=a.b&second=-");
    expect(cellsAddress("my round", "five-class", null, "a")).toBe("/cells?round=my+round&level=five-class&second=a");
    expect(matrixAddress("a/b c", "five-class")).toBe("/agreement/a%2Fb%20c?level=five-class");
    expect(matrixAddress("x", "full")).toBe("/agreement/x");
  });
  it("goes by arrows over what is empty, and not beyond the edge", () => {
    const has = (row: number, column: number) => (report.matrix[row]?.[column] ?? 0) > 0;
    const step = (at: [number, number], key: string) => stepFrom(at, key, [4, 4], has);
    expect(step([0, 0], "ArrowRight")).toEqual([0, 2]);
    expect(step([0, 2], "ArrowDown")).toEqual([2, 2]);
    expect(step([0, 0], "ArrowUp")).toBeNull();
    expect(step([0, 2], "Home")).toEqual([0, 0]);
    expect(step([2, 2], "End")).toEqual([2, 3]);
    expect(step([2, 2], "Enter")).toBeNull();
  });
});

describe("as text", () => {
  it("is a table with its totals, nothing taken for a formula or a column", () => {
    expect(asCsv(report, [0, 2, 3])).toBe(
      '"one (rows), =other, 2 (columns)",band & co,smudge_cell,no label,total\n' +
        "band & co,10,2,0,12\nsmudge_cell,0,1000,1,1001\nno label,0,0,0,0\ntotal,10,1002,1,1013\n",
    );
    const wrong = { ...report, experts: ["=cmd()", "b"] as [string, string] };
    expect(asCsv(wrong, [0])).toMatch(/^"'=cmd\(\) \(rows\), b \(columns\)"/);
    expect(asCsv({ ...report, simulated: true }, [0])).toMatch(/^"SIMULATED: one/);
  });
  it("is a tabular that a paper can take", () => {
    const text = asLatex({ ...report, simulated: true }, [0, 2]);
    expect(text).toContain("SIMULATED: one");
    expect(text).toContain("\\begin{tabular}{lrrr}");
    expect(text).toContain("\\rotatebox{90}{band \\& co}");
    expect(text).toContain("smudge\\_cell & 0 & 1000 & 1001 \\\\");
  });
});
