/** What the gallery shows, as the address bar holds it. */

export const WHICH = ["kept", "repeats", "all"] as const;
export type Which = (typeof WHICH)[number];
export const SMALLEST = 64;
export const LARGEST = 256;
/** A phone shows three in a row. */
const usual = (): number => (window.innerWidth < 640 ? 96 : 128);

export interface Filter {
  smear: string | null;
  which: Which;
  term: string | null;
  standing: string | null;
  /** Name of a saved query. */
  asked: string | null;
  /** A cell of the matrix of a closed round: what its two experts said, at a level of its taxonomy. */
  round: string | null;
  level: string | null;
  first: string | null;
  second: string | null;
  size: number;
}

/** By class, or as one wall of crops. */
export type View = "classes" | "wall";

/** Who may label finds the cells sorted into classes; everybody else all of them together. */
export const usualView = (labels: boolean): View => (labels ? "classes" : "wall");

/** The view that the address bar names, else the usual one. */
export function viewOf(query: URLSearchParams, labels: boolean): View {
  const asked = query.get("view");
  return asked === "classes" || asked === "wall" ? asked : usualView(labels);
}

/** Which pictures a view means where the address says nothing. */
export const usually = (view: View): Which => (view === "classes" ? "kept" : "all");

/** `usually`: which pictures are meant where the address says nothing. */
export function readFilter(query: URLSearchParams, usually: Which = "all"): Filter {
  const which = query.get("pictures");
  const size = Number(query.get("size") ?? usual());
  return {
    smear: query.get("smear"),
    which: WHICH.find((each) => each === which) ?? usually,
    term: query.get("class"),
    standing: query.get("standing"),
    asked: query.get("query"),
    round: query.get("round"),
    level: query.get("level"),
    first: query.get("first"),
    second: query.get("second"),
    size: Number.isFinite(size) ? Math.min(Math.max(size, SMALLEST), LARGEST) : usual(),
  };
}

/** The query that the service understands; the size of tiles is nothing to it. */
export function asQuery(filter: Filter): Record<string, string | boolean | null> {
  const { smear, which, term, standing, asked, round, level, first, second } = filter;
  const answers = isAnswered(filter) ? { round, level, first, second } : {};
  return { smear_id: smear, kept: which === "all" ? null : which === "kept", term, standing, query: asked, ...answers };
}

/** Whether it asks about a cell of a matrix. */
export const isAnswered = ({ round, first, second }: Filter): boolean => round !== null || first !== null || second !== null;

export const isNarrow = (filter: Filter, usually: Which = "all"): boolean =>
  filter.smear !== null || filter.which !== usually || filter.term !== null || filter.standing !== null || filter.asked !== null || isAnswered(filter);
