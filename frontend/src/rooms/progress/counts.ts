/** Tables of counts as the progress page shows and copies them. */
import type { components } from "../../api/schema";
import type { Words } from "../../words/en";

type Schemas = components["schemas"];
export type ReadingProgress = Schemas["ReadingProgress"];
export type RoundProgress = Schemas["RoundProgress"];
export type SmearProgress = Schemas["SmearProgress"];
export type ClassProgress = Schemas["ClassProgress"];
export type PersonProgress = Schemas["PersonProgress"];

export interface Count {
  /** `null` where nothing is told. */
  value: number | string | null;
  href?: string | undefined;
  /** Written in Latin letters in any language. */
  latin?: boolean;
}

export interface Table {
  title: string;
  heads: readonly string[];
  /** The first of each row is its name. */
  rows: readonly { key: string; cells: readonly Count[]; note?: string | undefined }[];
}

/** A word for a table program: quoted where it must be, and never taken for a formula. */
function quoted(value: number | string | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const asCsv = ({ heads, rows }: Table): string =>
  [heads, ...rows.map(({ cells }) => cells.map(({ value }) => value))].map((row) => `${row.map(quoted).join(",")}\n`).join("");

const cells = (query: Record<string, string>): string => `/cells?${new URLSearchParams({ view: "wall", pictures: "kept", ...query }).toString()}`;
const linked = (value: number, href: string): Count => ({ value, href: value > 0 ? href : undefined });

export function peopleTable(people: readonly PersonProgress[], { progress }: Words): Table {
  return {
    title: progress.people,
    heads: [progress.person, progress.waiting, progress.answered, progress.openRounds, progress.outlined],
    rows: people.map((each) => ({
      key: each.handle,
      cells: [{ value: each.handle, latin: true }, { value: each.items - each.answered }, { value: each.answered }, { value: each.rounds }, { value: each.outlined }],
    })),
  };
}

export function openTable(rounds: readonly RoundProgress[], { progress }: Words): Table {
  return {
    title: progress.open,
    heads: [progress.round, progress.cells, progress.nobody, progress.once, progress.twice],
    rows: rounds
      .filter((round) => round.open)
      .map((round) => ({
        key: round.id,
        cells: [
          { value: round.name, href: "/rounds" },
          { value: round.cells },
          ...[round.waiting, round.read_once, round.read_twice].map((count) => ({ value: round.hidden ? null : (count ?? 0) })),
        ],
        note: round.hidden ? progress.hidden : undefined,
      })),
  };
}

export function closedTable(rounds: readonly RoundProgress[], { progress }: Words): Table {
  return {
    title: progress.closed,
    heads: [progress.round, progress.cells, progress.unread, progress.single, progress.agreed, progress.disputed, progress.decided, progress.reading],
    rows: rounds
      .filter((round) => !round.open)
      .map((round) => ({
        key: round.id,
        cells: [
          { value: round.name, href: `/agreement/${encodeURIComponent(round.name)}` },
          { value: round.cells },
          { value: round.waiting ?? 0 },
          { value: round.single ?? 0 },
          { value: round.agreed ?? 0 },
          linked(round.disputed ?? 0, `/adjudicate/${encodeURIComponent(round.id)}`),
          { value: round.decided ?? 0 },
          { value: round.reading ?? 0 },
        ],
      })),
  };
}

export function smearTable(smears: readonly SmearProgress[], { progress }: Words): Table {
  return {
    title: progress.smears,
    heads: [progress.smear, progress.cells, progress.unread, progress.sorted, progress.single, progress.agreed, progress.disputed, progress.decided, progress.reading, progress.outlined],
    rows: smears.map((each) => {
      const of = (standing: string, count: number) => linked(count, cells({ smear: each.smear_id, standing }));
      return {
        key: each.smear_id,
        cells: [
          { value: each.code, href: `/smears/${each.smear_id}`, latin: true },
          linked(each.cells, cells({ smear: each.smear_id })),
          linked(each.waiting, cells({ smear: each.smear_id, query: "unlabeled" })),
          of("sorted", each.sorted),
          of("single", each.single),
          of("agreed", each.agreed),
          of("disputed", each.disputed),
          of("adjudicated", each.decided),
          { value: each.reading },
          { value: each.outlined },
        ],
      };
    }),
  };
}

export function classTable(classes: readonly ClassProgress[], named: (term: string) => string, { progress }: Words): Table {
  return {
    title: progress.classes,
    heads: [progress.class, progress.sorted, progress.single, progress.agreed, progress.decided, progress.outlined],
    rows: classes.map((each) => {
      const of = (standing: string, count: number) => linked(count, cells({ class: each.term, standing }));
      return {
        key: each.term,
        cells: [
          { value: named(each.term), href: cells({ class: each.term }) },
          of("sorted", each.sorted),
          of("single", each.single),
          of("agreed", each.agreed),
          of("adjudicated", each.decided),
          { value: each.outlined },
        ],
      };
    }),
  };
}
