/** All cells by the class that each is shown under, and what one person does with them; no screen and no network here. */
import { newId, newMoment } from "../../../offline/events";
import { type Arrangement, type Batch, type GalleryEvent, NO_CLASS, type Place, steps } from "./events";

const REPEAT = 1;
const BARE = 2;
const MINE = 4;
const HELD = 8;

export interface Tile extends Place {
  /** In the gallery's order: a cell that comes back stands where it was. */
  order: number;
  repeat: boolean;
  /** It came without its photograph. */
  bare: boolean;
  /** An open round holds it: it cannot be labeled here. */
  held: boolean;
}

export interface Who {
  person: string;
  handle: string;
}

export interface Seen {
  classes: ReadonlyMap<string, readonly string[]>;
  /** How many of each class this person has labeled or confirmed. */
  mine: ReadonlyMap<string, number>;
  done: readonly Batch[];
  undone: readonly Batch[];
  total: number;
  loaded: number;
}

export class Board {
  readonly taxonomy: string;
  /** How many cells without a class a program takes for what, in the order in which they stand. */
  readonly suggested: Arrangement["suggested"];
  readonly suggestedBy: Arrangement["suggested_by"];
  private readonly tiles = new Map<string, Tile>();
  private readonly classes = new Map<string, readonly string[]>();
  private events = new Map<string, GalleryEvent>();
  private readonly watchers = new Set<() => void>();
  private readonly total: number;
  seen: Seen;

  constructor(
    private readonly who: Who | undefined,
    { taxonomy, total, classes, suggested, suggested_by }: Arrangement,
    events: readonly GalleryEvent[],
    private readonly keep: (events: readonly GalleryEvent[]) => void,
  ) {
    this.taxonomy = taxonomy;
    this.total = total;
    this.suggested = suggested;
    this.suggestedBy = suggested_by;
    let order = 0;
    for (const { term, cells, marks } of classes) {
      this.classes.set(term ?? NO_CLASS, cells);
      for (const [index, cell] of cells.entries()) {
        const mark = Number.parseInt(marks[index] ?? "0", 16);
        this.tiles.set(cell, {
          at: term ?? NO_CLASS,
          mine: (mark & MINE) > 0,
          order: order++,
          repeat: (mark & REPEAT) > 0,
          bare: (mark & BARE) > 0,
          held: (mark & HELD) > 0,
        });
      }
    }
    for (const each of events) this.events.set(each.event, each);
    // What the service does not know yet lies over what it told.
    this.lay(events.filter(({ state }) => state === "waiting").map(({ cell, to }) => [cell, to]));
    this.seen = this.look();
  }

  subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  at(cell: string): Tile | undefined {
    return this.tiles.get(cell);
  }

  /** Whether this person may say what a cell is. */
  isFree(cell: string): boolean {
    const tile = this.tiles.get(cell);
    return this.who !== undefined && tile !== undefined && !tile.held && !tile.bare;
  }

  /** Say what cells are; those that cannot be labeled stay. Returns how many were. */
  label(cells: Iterable<string>, term: string, look: GalleryEvent["look"] = "gallery"): number {
    const to: Place = { at: term, mine: true };
    const meant = [...cells].filter((cell) => this.isFree(cell) && !same(this.tiles.get(cell), to));
    return this.give(meant.map((cell) => [cell, to]), "label", look).length;
  }

  /** Say of cells that they are what they are shown as. */
  confirm(cells: Iterable<string>): number {
    const meant = [...cells].flatMap((cell): [string, Place][] => {
      const tile = this.tiles.get(cell);
      return tile && !tile.mine && tile.at !== NO_CLASS && this.isFree(cell) ? [[cell, { at: tile.at, mine: true }]] : [];
    });
    return this.give(meant, "label", "page").length;
  }

  undo = (): Batch | undefined => this.back("undo");
  redo = (): Batch | undefined => this.back("redo");

  /** Events that another tab gave, and receipts. */
  hear(events: readonly GalleryEvent[]): void {
    const ours = events.filter(({ person }) => person === this.who?.person);
    if (ours.length === 0) return;
    const moved: [string, Place][] = [];
    for (const each of ours) {
      const known = this.events.has(each.event);
      this.events.set(each.event, each);
      if (each.state === "refused") {
        if (same(this.tiles.get(each.cell), each.to)) moved.push([each.cell, each.from]);
      } else if (!known) moved.push([each.cell, each.to]);
    }
    this.lay(moved);
    this.tell();
  }

  private back(kind: "undo" | "redo"): Batch | undefined {
    const { done, undone } = this.seen;
    const batch = (kind === "undo" ? done : undone).at(-1);
    if (!batch) return undefined;
    const places = batch.map(({ cell, from, to }): [string, Place] => [cell, kind === "undo" ? from : to]);
    return this.give(places, kind, batch[0]?.look ?? "gallery");
  }

  private give(places: readonly [string, Place][], kind: GalleryEvent["kind"], look: GalleryEvent["look"]): Batch {
    const { who, taxonomy } = this;
    if (!who || places.length === 0) return [];
    const batch = newId();
    const given_at = newMoment();
    const made = places.map(([cell, to]): GalleryEvent => {
      const now = this.tiles.get(cell);
      const from: Place = now ? { at: now.at, mine: now.mine } : { at: NO_CLASS, mine: false };
      return { what: "label", event: newId(), batch, ...who, cell, taxonomy, given_at, look, from, to, kind, state: "waiting", refusal: "" };
    });
    for (const each of made) this.events.set(each.event, each);
    this.lay(places);
    this.keep(made);
    this.tell();
    return made;
  }

  /** Put cells where they are now; each class is gone through once, however many move. */
  private lay(places: readonly [string, Place][]): void {
    const leaving = new Map<string, Set<string>>();
    const coming = new Map<string, Set<string>>();
    const put = (to: Map<string, Set<string>>, key: string, cell: string) => to.set(key, (to.get(key) ?? new Set()).add(cell));
    for (const [cell, { at, mine }] of places) {
      const tile = this.tiles.get(cell);
      if (!tile) continue;
      if (tile.at !== at) {
        coming.get(tile.at)?.delete(cell);
        put(leaving, tile.at, cell);
        put(coming, at, cell);
      }
      this.tiles.set(cell, { ...tile, at, mine });
    }
    for (const key of new Set([...leaving.keys(), ...coming.keys()])) {
      const stayed = (this.classes.get(key) ?? []).filter((cell) => this.tiles.get(cell)?.at === key);
      const here = new Set(stayed);
      const came = [...(coming.get(key) ?? [])].filter((cell) => this.tiles.get(cell)?.at === key && !here.has(cell));
      if (came.length > 0) stayed.push(...came);
      const order = (cell: string) => this.tiles.get(cell)?.order ?? 0;
      this.classes.set(key, came.length > 0 ? stayed.sort((a, b) => order(a) - order(b)) : stayed);
    }
  }

  private look(): Seen {
    const mine = new Map<string, number>();
    for (const { at, mine: own } of this.tiles.values()) if (own) mine.set(at, (mine.get(at) ?? 0) + 1);
    return {
      classes: new Map([...this.classes].filter(([, cells]) => cells.length > 0)),
      mine,
      ...steps([...this.events.values()]),
      total: this.total,
      loaded: this.tiles.size,
    };
  }

  private tell(): void {
    this.seen = this.look();
    for (const watcher of this.watchers) watcher();
  }
}

const same = (one: Place | undefined, other: Place): boolean => one !== undefined && one.at === other.at && one.mine === other.mine;
