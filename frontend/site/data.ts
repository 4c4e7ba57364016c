/** What the scripts beside the page hand over, and the cells as columns. */

export interface Facet {
  name: string;
  values: string[];
}

export interface ClassTold {
  key: string;
  count: number;
  examples: string[];
  name?: string;
  morphology?: string;
  ontology?: string | null;
  raised?: string[];
  lowered?: string[];
  sources?: string[];
  below?: { key: string; name: string; count: number; morphology: string }[];
}

export interface About {
  format: number;
  version: string;
  title: string;
  about: {
    license: string;
    terms_of_use: string;
    ethics: string;
    contributors: string[];
    citation: string;
    contact: string;
    description: string;
    published: string;
    url: string;
  };
  mail: string;
  terms: string;
  taxonomy: string;
  level: string;
  experts: number;
  simulated: boolean;
  notes: string[];
  withheld: string[];
  bibtex: string;
  /** `fields` are photographs, `photographs` those of them that lie in the release; `crops` came alone, of no photograph. */
  totals: Record<"cells" | "classed" | "pictured" | "masked" | "fields" | "photographs" | "crops" | "smears", number>;
  classes: ClassTold[];
  words: Record<string, string>;
  notice: string;
  chunks: number;
  facets: Facet[];
  counts: Record<string, number[]>;
  bounds: number[];
  said: (string | null)[][];
  /** Beside `said`: how many cells were answered so. */
  answered: number[];
  manifest: string;
  versions: { version: string; published: string; cells: number; manifest: string }[];
  changes: string[][];
}

/** A photograph: id, width, height, file, objective, µm/px, and whether it is none: a crop that came alone. */
export type FieldTold = [string, number | null, number | null, string | null, number | null, number | null, boolean];

export interface Chunk {
  id: string[];
  field: number[];
  box: number[];
  term: (string | null)[];
  said: number[];
  sharp: (number | null)[];
  fields: FieldTold[];
  /** A column for each facet of the release: numbers of its values. */
  facets: number[][];
}

export interface Table {
  name: string;
  html: string;
  csv: string;
  tex: string;
  md: string;
}

export interface Downloads {
  packs: { kind: string; path: string; files: number; bytes: number; sha256: string }[];
  files: { path: string; sha256: string; bytes: number }[];
  groups: { folder: string; files: number; bytes: number }[];
}

export type Outlines = Record<string, Record<string, { width: number; height: number; path: string }>>;

/** A cell by its place: which chunk, and where in it. */
export interface Place {
  chunk: number;
  at: number;
}

type Waiting = { done: (value: unknown) => void; failed: (error: Error) => void; promise: Promise<unknown> };
const waiting = new Map<string, Waiting>();

function wait(key: string): Waiting {
  let known = waiting.get(key);
  if (!known) {
    let done!: (value: unknown) => void;
    let failed!: (error: Error) => void;
    const promise = new Promise<unknown>((resolve, reject) => {
      done = resolve;
      failed = reject;
    });
    known = { done, failed, promise };
    waiting.set(key, known);
  }
  return known;
}

/** Load a file of data once; it is a script, because a page from a disk may read nothing else. */
function load(file: string): Promise<unknown> {
  const key = file.replace(/^data\//, "").replace(/\.js$/, "");
  if (waiting.has(key)) return wait(key).promise;
  const entry = wait(key);
  const script = document.createElement("script");
  script.src = file;
  script.async = true;
  script.onerror = () => {
    waiting.delete(key);
    entry.failed(new Error(file));
  };
  // It ran and handed nothing over: a file that was cut off. Where it did, this changes nothing.
  script.onload = () => entry.failed(new Error(file));
  document.head.append(script);
  return entry.promise;
}

/** The answers of all experts to one cell, as a value to choose by: what a place of the matrix of labels stands for. */
export const SAID = "said";
export const answers = (said: (string | null)[]): string => said.map((word) => word ?? "none").join(" ");

function withAnswers(about: About): About {
  about.facets.push({ name: SAID, values: about.said.map(answers) });
  about.counts[SAID] = about.answered;
  return about;
}

/** The functions that the files of data call. */
export const handed = {
  start: (text: string) => wait("site").done(withAnswers(JSON.parse(text) as About)),
  cells: (chunk: number, text: string) => {
    const told = JSON.parse(text) as Chunk;
    told.facets.push(told.said);
    wait(`cells/${chunk}`).done(told);
  },
  digests: (chunk: number, text: string) => wait(`digests/${chunk}`).done(JSON.parse(text)),
  outlines: (chunk: number, text: string) => wait(`outlines/${chunk}`).done(JSON.parse(text)),
  tables: (text: string) => wait("tables").done(JSON.parse(text)),
  downloads: (text: string) => wait("downloads").done(JSON.parse(text)),
};

export const aboutNow = () => wait("site").promise as Promise<About>;
export const tables = () => load("data/tables.js") as Promise<Table[]>;
export const downloads = () => load("data/downloads.js") as Promise<Downloads>;
export const digestsOf = (chunk: number) => load(`data/digests/${chunk}.js`) as Promise<[string, string][][]>;
export const outlinesOf = (chunk: number) => load(`data/outlines/${chunk}.js`) as Promise<Outlines>;

/** All cells that have come so far; `more` is called whenever others have. */
export class Cells {
  readonly chunks: (Chunk | undefined)[] = [];
  private readonly places = new Map<string, Place>();
  private started = false;
  private readonly listeners = new Set<() => void>();
  come = 0;
  private lost = 0;
  /** The first file that could not be read. */
  problem = "";

  constructor(readonly about: About) {}

  get whole(): boolean {
    return this.come === this.about.chunks;
  }

  /** Whether nothing more is to come: all files are here, or cannot be read. */
  get done(): boolean {
    return this.come + this.lost >= this.about.chunks;
  }

  /** Ask for all files of cells, a few at a time, so that the first are soon there. */
  ask(): void {
    if (this.started) return;
    this.started = true;
    let next = 0;
    const one = async (): Promise<void> => {
      while (next < this.about.chunks) {
        const number = next++;
        try {
          this.take(number, (await load(`data/cells/${number}.js`)) as Chunk);
        } catch (error) {
          this.lost += 1;
          this.problem ||= String((error as Error).message);
        }
        for (const listener of this.listeners) listener();
      }
    };
    void one();
    void one();
  }

  take(number: number, chunk: Chunk): void {
    this.chunks[number] = chunk;
    chunk.id.forEach((id, at) => this.places.set(id, { chunk: number, at }));
    this.come += 1;
  }

  find(id: string): Place | undefined {
    return this.places.get(id);
  }

  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

export interface Cell {
  id: string;
  field: FieldTold;
  box: [number, number, number, number];
  term: string | null;
  said: (string | null)[];
  sharp: number | null;
  /** Values of the facets, by name; empty for none. */
  facts: Record<string, string>;
  place: Place;
}

export function cellAt(cells: Cells, place: Place): Cell {
  const chunk = cells.chunks[place.chunk];
  const { at } = place;
  if (!chunk) throw new Error(`no chunk ${place.chunk}`);
  const facts: Record<string, string> = {};
  cells.about.facets.forEach((facet, number) => {
    facts[facet.name] = facet.values[chunk.facets[number]?.[at] ?? -1] ?? "";
  });
  return {
    id: chunk.id[at] ?? "",
    field: chunk.fields[chunk.field[at] ?? -1] as FieldTold,
    box: chunk.box.slice(4 * at, 4 * at + 4) as Cell["box"],
    term: chunk.term[at] ?? null,
    said: cells.about.said[chunk.said[at] ?? -1] ?? [],
    sharp: chunk.sharp[at] ?? null,
    facts,
    place,
  };
}

/** Where the crop of a cell lies; empty where it was released without pixels. */
export const cropOf = (cell: Cell): string =>
  cell.facts.pixels === "crop" ? `release/crops/${cell.facts.split}/${cell.facts.class}/${cell.id}.png` : "";

export const thumbOf = (id: string): string => `thumbs/${id.slice(0, 3)}/${id}.jpg`;
