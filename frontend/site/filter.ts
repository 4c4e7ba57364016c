/** Which cells are meant: in the address of the page, as counts beside each value, and as a list of places. */
import type { About, Cells, Place } from "./data";

/** Values by name of the facet; a cell must have one of each facet's. */
export type Filter = Record<string, string[]>;

/** How people may write no value in the address, where no value is called so; the page writes nothing behind the `=`. */
const NONE = "none";

export function readFilter(query: string, about: About): Filter {
  const filter: Filter = {};
  const given = new URLSearchParams(query);
  for (const { name, values } of about.facets) {
    const chosen = given
      .getAll(name)
      .map((word) => (word === NONE && !values.includes(word) ? "" : word))
      .filter((word) => values.includes(word));
    if (chosen.length) filter[name] = [...new Set(chosen)];
  }
  return filter;
}

export function writeFilter(filter: Filter): string {
  const written = new URLSearchParams();
  for (const [name, words] of Object.entries(filter)) for (const word of words) written.append(name, word);
  const text = written.toString();
  return text ? `?${text}` : "";
}

export function toggle(filter: Filter, name: string, word: string): Filter {
  const chosen = filter[name] ?? [];
  const next = chosen.includes(word) ? chosen.filter((each) => each !== word) : [...chosen, word];
  const { [name]: _, ...others } = filter;
  return next.length ? { ...others, [name]: next } : others;
}

export interface Found {
  places: Place[];
  /** Of each facet and value: how many cells there would be, were it chosen in place of the facet's other values. */
  counts: number[][];
}

/** Go once through all cells that have come. */
export function findCells(cells: Cells, filter: Filter): Found {
  const { facets } = cells.about;
  const wanted = facets.map(({ name, values }) => {
    const chosen = filter[name];
    return chosen ? values.map((word) => chosen.includes(word)) : null;
  });
  const counts = facets.map(({ values }) => new Array<number>(values.length).fill(0));
  const places: Place[] = [];
  cells.chunks.forEach((chunk, number) => {
    if (!chunk) return;
    const columns = chunk.facets;
    for (let at = 0; at < chunk.id.length; at++) {
      // How many conditions it misses, and the last of them: missing one alone still counts beside that facet.
      let missed = 0;
      let which = -1;
      for (let facet = 0; facet < wanted.length && missed < 2; facet++) {
        const conditions = wanted[facet];
        if (conditions && !conditions[(columns[facet] as number[])[at] as number]) {
          missed += 1;
          which = facet;
        }
      }
      if (missed > 1) continue;
      if (missed === 0) places.push({ chunk: number, at });
      for (let facet = 0; facet < columns.length; facet++) {
        if (missed === 1 && facet !== which) continue;
        const code = (columns[facet] as number[])[at] as number;
        (counts[facet] as number[])[code] = ((counts[facet] as number[])[code] ?? 0) + 1;
      }
    }
  });
  return { places, counts };
}

export interface Path {
  page: string;
  rest: string;
  query: string;
}

/** Read the part of the address behind `#`. */
export function readPath(hash: string): Path {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [page = "", ...rest] = path.split("/");
  let word = rest.join("/");
  try {
    word = decodeURIComponent(word);
  } catch {
    // As it stands.
  }
  return { page, rest: word, query };
}
