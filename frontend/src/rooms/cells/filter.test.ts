import { describe, expect, it } from "vitest";

import { address } from "../../api/client";
import { asQuery, isNarrow, readFilter } from "./filter";

const read = (search: string) => readFilter(new URLSearchParams(search));

describe("the filter in the address bar", () => {
  it("is wide open without a query", () => {
    expect(read("")).toEqual({ smear: null, which: "all", term: null, standing: null, asked: null, round: null, level: null, first: null, second: null, size: 128 });
    expect(isNarrow(read("size=200"))).toBe(false);
  });
  it("becomes the service's query", () => {
    const filter = read("smear=s1&pictures=repeats&class=neutrophil.band&standing=agreed&query=unlabeled&size=64");
    expect(isNarrow(filter)).toBe(true);
    expect(address("/api/cells", {}, asQuery(filter))).toBe(
      "/api/cells?smear_id=s1&kept=false&term=neutrophil.band&standing=agreed&query=unlabeled",
    );
  });
  it("holds a cell of a matrix; a level alone is none", () => {
    const filter = read("round=spring&level=lineage&first=-&second=monocyte");
    expect(isNarrow(filter)).toBe(true);
    expect(address("/api/cells", {}, asQuery(filter))).toBe("/api/cells?round=spring&level=lineage&first=-&second=monocyte");
    expect(asQuery(read("level=lineage"))).not.toHaveProperty("level");
    expect(isNarrow(read("level=lineage"))).toBe(false);
  });
  it.each([
    ["pictures=nonsense", "all", 128],
    ["size=banana", "all", 128],
    ["size=9999", "all", 256],
    ["size=1&pictures=kept", "kept", 64],
  ])("stands %s", (search, which, size) => {
    const filter = read(search);
    expect([filter.which, filter.size]).toEqual([which, size]);
  });
});
