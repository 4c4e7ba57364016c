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
  size: number;
}

export function readFilter(query: URLSearchParams): Filter {
  const which = query.get("pictures");
  const size = Number(query.get("size") ?? usual());
  return {
    smear: query.get("smear"),
    which: WHICH.find((each) => each === which) ?? "all",
    term: query.get("class"),
    standing: query.get("standing"),
    asked: query.get("query"),
    size: Number.isFinite(size) ? Math.min(Math.max(size, SMALLEST), LARGEST) : usual(),
  };
}

/** The query that the service understands; the size of tiles is nothing to it. */
export function asQuery({ smear, which, term, standing, asked }: Filter): Record<string, string | boolean | null> {
  return { smear_id: smear, kept: which === "all" ? null : which === "kept", term, standing, query: asked };
}

export const isNarrow = (filter: Filter): boolean =>
  filter.smear !== null || filter.which !== "all" || filter.term !== null || filter.standing !== null || filter.asked !== null;
