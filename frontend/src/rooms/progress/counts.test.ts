import { expect, it } from "vitest";

import { en } from "../../words/en";
import { asCsv, closedTable, openTable, type RoundProgress, smearTable } from "./counts";

const round = (over: Partial<RoundProgress>): RoundProgress => ({ single: 0, agreed: 0, disputed: 0, decided: 0, reading: 0, readers: [], id: "r1", name: "first", mode: "blind", open: true, hidden: false, opened_at: "2026-01-01T00:00:00Z", cells: 10, waiting: 4, read_once: 3, read_twice: 3, ...over });

it("tells nothing of a round to whoever reads in it", () => {
  const [told, hidden] = openTable([round({}), round({ id: "r2", hidden: true })], en).rows;
  expect(told?.cells.map(({ value }) => value)).toEqual(["first", 10, 4, 3, 3]);
  expect(hidden?.cells.map(({ value }) => value)).toEqual(["first", 10, null, null, null]);
  expect(hidden?.note).toContain("read in");
});

it("leads to the very cells, and nowhere where there are none", () => {
  const [row] = smearTable([{ smear_id: "s1", code: "N-1", site: "lab", cells: 5, waiting: 1, reading: 0, sorted: 0, single: 0, agreed: 2, disputed: 2, decided: 0, outlined: 0 }], en).rows;
  const links = row?.cells.map(({ href }) => href);
  expect(links?.[6]).toBe("/cells?view=wall&pictures=kept&smear=s1&standing=disputed");
  expect(links?.[2]).toBe("/cells?view=wall&pictures=kept&smear=s1&query=unlabeled");
  expect(links?.[7]).toBeUndefined();
  const [closed] = closedTable([round({ open: false, disputed: 3 })], en).rows;
  expect(closed?.cells[5]?.href).toBe("/adjudicate/r1");
});

it("copies as CSV that no table program takes for a formula", () => {
  const text = asCsv({ title: "", heads: ["a", "b"], rows: [{ key: "1", cells: [{ value: "=1+1" }, { value: null }] }, { key: "2", cells: [{ value: 'x, "y"' }, { value: -2 }] }] });
  expect(text).toBe('a,b\n"\'=1+1",\n"x, ""y""",-2\n');
});
