import { expect, it } from "vitest";

import { base64Of, chosenAfter, type FactChange, factOf, gapsOf, hasGap, inUse, isFound, type MetadataTable, orderOf, rowsOf, sorted, takenBack, toldOf } from "./table";

const smear = (id: string, over: object = {}) => ({ id, code: id.toUpperCase(), site: "lab", stain: "giemsa", diagnosis: "normal", sex: "unknown", age_band: "unknown", simulated: false, ...over });
const setup = (id: string, over: object = {}) => ({ id, microscope: "Olympus CX18", camera: "phone", objective_magnification: 100, micrometres_per_pixel: 0.1, scale_source: "typed", quarter_turns: 0, ...over });
const table = {
  smears: [smear("s1"), smear("s2", { stain: "unknown" }), smear("s10", { subject: "p-7" })],
  setups: [setup("k1"), setup("k2", { camera: "unknown", micrometres_per_pixel: null })],
  groups: [
    { smear_id: "s1", capture_id: "k1", photographs: ["a", "b"], crops: 0 },
    { smear_id: "s1", capture_id: "k2", photographs: ["c"], crops: 0 },
    { smear_id: "s2", capture_id: "k1", photographs: ["d"], crops: 0 },
    { smear_id: "s10", capture_id: "k1", photographs: ["e", "f", "g"], crops: 3 },
  ],
  choices: {},
} as unknown as MetadataTable;
const rows = rowsOf(table, false);
const keys = (some: readonly { key: string }[]) => some.map(({ key }) => key);

it("has a row for each smear and set-up, or for each photograph, numbered within its smear", () => {
  expect(keys(rows)).toEqual(["s1 k1", "s1 k2", "s2 k1", "s10 k1"]);
  expect(rowsOf(table, true).map(({ key, number }) => `${key}${number}`)).toEqual(["a1", "b2", "c3", "d1", "e1", "f2", "g3"]);
});

it("knows gaps by photographs, and asks nobody for who the person was", () => {
  expect(factOf(rows[1]!, "camera")).toBeNull();
  const gaps = gapsOf(rows);
  expect([gaps.get("stain"), gaps.get("camera"), gaps.get("micrometres_per_pixel"), gaps.get("sex"), gaps.get("any")]).toEqual([1, 1, 1, 7, 2]);
  expect(rows.filter((row) => hasGap(row, "any")).map(({ key }) => key)).toEqual(["s1 k2", "s2 k1"]);
});

it("sorts numbers as numbers and leaves unknown facts last both ways", () => {
  expect(keys(sorted(rows, orderOf("smear")))).toEqual(["s1 k1", "s1 k2", "s2 k1", "s10 k1"]);
  expect(keys(sorted(rows, orderOf("-photographs")))[0]).toBe("s10 k1");
  for (const order of ["camera", "-camera"]) expect(keys(sorted(rows, orderOf(order))).at(-1)).toBe("s1 k2");
  expect(orderOf("nonsense")).toEqual({ by: "smear", down: false });
});

it("finds by what is recorded and by what is shown", () => {
  const spelled = (_: string, value: string | number) => (value === "giemsa" ? "گیمسا" : String(value));
  const found = (find: string) => keys(rows.filter((row) => isFound(row, find, spelled)));
  expect(found("p-7")).toEqual(["s10 k1"]);
  expect(found("گيمسا s1 unknown-word")).toEqual([]);
  expect(found("گيمسا S10")).toEqual(["s10 k1"]);
});

it("chooses with Shift from the last click on, and takes back alike", () => {
  const one = chosenAfter(rows, new Set(), "s1 k1", undefined, true);
  expect([...one]).toEqual(["s1 k1"]);
  const three = chosenAfter(rows, one, "s2 k1", "s1 k1", true);
  expect([...three].sort()).toEqual(["s1 k1", "s1 k2", "s2 k1"]);
  expect([...chosenAfter(rows, three, "s1 k2", "s1 k1", true)]).toEqual(["s2 k1"]);
});

it("says facts of a smear of smears, each once, and those of a set-up of photographs", () => {
  expect(toldOf(rows.slice(0, 2), "stain")).toEqual({ smears: ["s1"], photographs: [] });
  expect(toldOf(rows.slice(0, 2), "camera")).toEqual({ smears: [], photographs: ["a", "b", "c"] });
  expect(inUse(rows, "camera")).toEqual(["phone"]);
});

it("takes back a change with all since of its fact, where they were said of the whole row", () => {
  const change = (correction: string, fact: string, photographs: string[] = []) => ({ correction, fact, before: null, after: null, made_at: "", by: null, photographs }) as unknown as FactChange;
  const history = [change("c4", "camera", ["b", "a"]), change("c3", "stain"), change("c2", "camera", ["a", "b", "c"]), change("c1", "camera", ["a"])];
  const back = (at: number) => takenBack(history, history[at]!, rows[0]!);
  expect(history.map((_, at) => back(at))).toEqual([["c4"], ["c3"], ["c4", "c2"], null]);
  expect(takenBack(history, history[3]!, { ...rows[0]!, photographs: ["a"] })).toEqual(["c4", "c2", "c1"]);
});

it("carries any bytes", () => {
  const bytes = Uint8Array.from({ length: 70_000 }, (_, at) => at % 256);
  const back = Uint8Array.from(atob(base64Of(bytes.buffer)), (sign) => sign.charCodeAt(0));
  expect(back).toEqual(bytes);
});
