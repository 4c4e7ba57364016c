/** The table of photographs' facts as it is shown: rows, gaps, order and choice. Nothing here asks the service. */
import type { components } from "../../api/schema";

type Schemas = components["schemas"];
export type MetadataTable = Schemas["MetadataTable"];
export type FactsChanged = Schemas["FactsChanged"];
export type FactChange = Schemas["FactChange"];
export type TableRead = Schemas["TableRead"];
export type ChangeUndone = Schemas["ChangeUndone"];
export type Fact = Schemas["MetadataFact"];
type Smear = Schemas["Smear"];
type Capture = Schemas["Capture"];

export const OF_SMEAR = ["stain", "diagnosis", "subject", "sex", "age_band", "ethics_reference"] as const satisfies readonly Fact[];
export const OF_SETUP = ["microscope", "objective_magnification", "camera", "micrometres_per_pixel"] as const satisfies readonly Fact[];
export const FACTS: readonly Fact[] = [...OF_SMEAR, ...OF_SETUP];
export const isOfSetup = (fact: Fact): boolean => (OF_SETUP as readonly Fact[]).includes(fact);

/** The photographs of one smear on one set-up; or a single one of them. */
export interface Row {
  key: string;
  smear: Smear;
  setup: Capture;
  photographs: readonly string[];
  crops: number;
  /** Its number within the smear, where a row is one photograph. */
  number?: number;
}

export function rowsOf(table: MetadataTable, single: boolean): Row[] {
  const smears = new Map(table.smears.map((smear) => [smear.id, smear]));
  const setups = new Map(table.setups.map((setup) => [setup.id, setup]));
  const seen = new Map<string, number>();
  return table.groups.flatMap((group) => {
    const smear = smears.get(group.smear_id);
    const setup = setups.get(group.capture_id);
    if (!smear || !setup) return [];
    const row: Row = { key: `${group.smear_id} ${group.capture_id}`, smear, setup, photographs: group.photographs, crops: group.crops };
    if (!single) return [row];
    return group.photographs.map((id) => {
      const number = (seen.get(smear.id) ?? 0) + 1;
      seen.set(smear.id, number);
      return { ...row, key: id, photographs: [id], crops: 0, number };
    });
  });
}

/** A fact of a row; `null` where it is unknown. */
export function factOf({ smear, setup }: Row, fact: Fact): string | number | null {
  const said = isOfSetup(fact) ? setup[fact as (typeof OF_SETUP)[number]] : smear[fact as (typeof OF_SMEAR)[number]];
  return said === undefined || said === null || said === "" || said === "unknown" ? null : said;
}

export const isMissing = (row: Row, fact: Fact): boolean => factOf(row, fact) === null;

export type Gap = Fact | "any" | null;
/** What a set of photographs should always say; who the person was may rightly be unknown. */
export const EXPECTED: readonly Fact[] = ["stain", ...OF_SETUP];

export const hasGap = (row: Row, gap: Gap): boolean =>
  gap === null || (gap === "any" ? EXPECTED.some((fact) => isMissing(row, fact)) : isMissing(row, gap));

/** How many photographs lack each fact. */
export function gapsOf(rows: readonly Row[]): ReadonlyMap<Fact | "any", number> {
  const gaps = new Map<Fact | "any", number>();
  for (const gap of ["any" as const, ...FACTS]) {
    gaps.set(gap, rows.reduce((sum, row) => sum + (hasGap(row, gap) ? row.photographs.length : 0), 0));
  }
  return gaps;
}

/** Persian and Arabic letters, digits and case make no difference to who searches. */
export const folded = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[يى]/g, "ی")
    .replace(/ك/g, "ک")
    .replace(/\u200c/g, "")
    .replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0));

export function isFound(row: Row, find: string, spelled: (fact: Fact, value: string | number) => string): boolean {
  if (find.trim() === "") return true;
  const words = [row.smear.code, row.smear.site];
  for (const fact of FACTS) {
    const value = factOf(row, fact);
    if (value !== null) words.push(String(value), spelled(fact, value));
  }
  const text = folded(words.join("\n"));
  return folded(find).trim().split(/\s+/).every((word) => text.includes(word));
}

export type Column = "smear" | "photographs" | Fact;
export interface Order {
  by: Column;
  down: boolean;
}

export function orderOf(text: string | null): Order {
  const by = (text ?? "").replace(/^-/, "");
  const known = by === "photographs" || (FACTS as readonly string[]).includes(by);
  return { by: known ? (by as Column) : "smear", down: (text ?? "").startsWith("-") };
}

/** Unknown facts come last, whichever way it goes. */
export function sorted(rows: readonly Row[], { by, down }: Order): Row[] {
  const value = (row: Row) => (by === "smear" ? row.smear.code : by === "photographs" ? row.photographs.length : factOf(row, by));
  const way = down ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [one, other] = [value(a), value(b)];
    if (one === null || other === null) return (one === null ? 1 : 0) - (other === null ? 1 : 0);
    const order = typeof one === "number" && typeof other === "number" ? one - other : String(one).localeCompare(String(other), "en", { numeric: true });
    return way * order || a.smear.code.localeCompare(b.smear.code, "en", { numeric: true }) || (a.number ?? 0) - (b.number ?? 0);
  });
}

/** The choice after a click: one row more or less, or with Shift all from the last one clicked. */
export function chosenAfter(rows: readonly Row[], chosen: ReadonlySet<string>, clicked: string, from: string | undefined, shift: boolean): Set<string> {
  const next = new Set(chosen);
  const on = !chosen.has(clicked);
  const put = (key: string) => (on ? next.add(key) : next.delete(key));
  const [a, b] = [rows.findIndex(({ key }) => key === from), rows.findIndex(({ key }) => key === clicked)];
  if (shift && a >= 0 && b >= 0) for (const { key } of rows.slice(Math.min(a, b), Math.max(a, b) + 1)) put(key);
  else put(clicked);
  return next;
}

/** Whom a change of a fact is said of: smears, or photographs. */
export function toldOf(rows: readonly Row[], fact: Fact): { smears: string[]; photographs: string[] } {
  return isOfSetup(fact)
    ? { smears: [], photographs: rows.flatMap((row) => row.photographs) }
    : { smears: [...new Set(rows.map((row) => row.smear.id))], photographs: [] };
}

/**
 * The corrections to take back so that a fact of a row says what it said before a change: that one and all since, the
 * history being the latest first. `null` where one of them was not said of all photographs of the row.
 */
export function takenBack(history: readonly FactChange[], change: FactChange, row: Row): string[] | null {
  const since = history.slice(0, history.indexOf(change) + 1).filter(({ fact }) => fact === change.fact);
  const shared = since.every(({ photographs }) => !isOfSetup(change.fact) || row.photographs.every((id) => photographs?.includes(id)));
  return shared ? since.map(({ correction }) => correction) : null;
}

/** What stands in a fact already, the commonest first: it is offered where a curator types. */
export function inUse(rows: readonly Row[], fact: Fact): string[] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const value = factOf(row, fact);
    if (value !== null) counts.set(String(value), (counts.get(String(value)) ?? 0) + row.photographs.length);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([value]) => value);
}

/** A file as base64, as the service takes it. */
export function base64Of(content: ArrayBuffer): string {
  const bytes = new Uint8Array(content);
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
