/** How sections of tiles stand below each other, each under a heading, and what lies where: pure arithmetic. */

export interface Section {
  key: string;
  cells: readonly string[];
}

export interface Measures {
  columns: number;
  /** Width of a tile, and height of a row of them, gap left out. */
  tile: number;
  height: number;
  gap: number;
  head: number;
  /** Whether rows begin at the right. */
  rtl: boolean;
  width: number;
}

/** A line across: the heading of a section, or some of its tiles. `start` counts within the section. */
export type Line = { kind: "head"; section: number; top: number } | { kind: "tiles"; section: number; start: number; top: number };

export interface Point {
  x: number;
  y: number;
}

export class Layout {
  readonly lines: readonly Line[];
  readonly height: number;
  /** First line of each section: its heading. */
  private readonly heads: readonly number[];
  private readonly places: Map<string, number> = new Map();

  constructor(
    readonly sections: readonly Section[],
    readonly measures: Measures,
  ) {
    const lines: Line[] = [];
    const heads: number[] = [];
    const { columns, height, gap, head } = measures;
    let top = 0;
    sections.forEach(({ key, cells }, section) => {
      this.places.set(key, section);
      heads.push(lines.length);
      lines.push({ kind: "head", section, top });
      top += head;
      for (let start = 0; start < cells.length; start += columns) {
        lines.push({ kind: "tiles", section, start, top });
        top += height + gap;
      }
    });
    this.lines = lines;
    this.heads = heads;
    this.height = top;
  }

  headOf(key: string): number | undefined {
    const section = this.places.get(key);
    return section === undefined ? undefined : this.heads[section];
  }

  heightOf(line: number): number {
    const { height, gap, head } = this.measures;
    return this.lines[line]?.kind === "head" ? head : height + gap;
  }

  cellsOf(line: number): readonly string[] {
    const found = this.lines[line];
    if (!found || found.kind === "head") return [];
    return (this.sections[found.section]?.cells ?? []).slice(found.start, found.start + this.measures.columns);
  }

  lineOf(key: string, index: number): number {
    const head = this.headOf(key) ?? 0;
    return head + 1 + Math.floor(index / this.measures.columns);
  }

  /** The line at a height, the last one below all. */
  lineAt(y: number): number {
    let low = 0;
    let high = this.lines.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.lines[middle]?.top ?? 0) <= y) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Middle of a tile, from the left of the page whatever its direction. */
  private middle(column: number, top: number): Point {
    const { tile, gap, height, rtl, width } = this.measures;
    const x = column * (tile + gap) + tile / 2;
    return { x: rtl ? width - x : x, y: top + height / 2 };
  }

  /** Cells whose whole tile lies between two heights. */
  whole(top: number, bottom: number): string[] {
    const found: string[] = [];
    for (let line = this.lineAt(top); line < this.lines.length; line += 1) {
      const at = this.lines[line];
      if (!at || at.top > bottom) break;
      if (at.kind === "tiles" && at.top >= top && at.top + this.measures.height <= bottom) found.push(...this.cellsOf(line));
    }
    return found;
  }

  /** Cells that a frame touches. */
  inFrame(a: Point, b: Point): string[] {
    const { tile, height } = this.measures;
    const [left, right] = [Math.min(a.x, b.x), Math.max(a.x, b.x)];
    const [top, bottom] = [Math.min(a.y, b.y), Math.max(a.y, b.y)];
    return this.where(top - height, bottom, ({ x, y }) => Math.abs(x - (left + right) / 2) <= (right - left + tile) / 2 && y + height / 2 >= top && y - height / 2 <= bottom);
  }

  /** Cells whose middle lies inside a line that is drawn around them. */
  inLoop(loop: readonly Point[]): string[] {
    const ys = loop.map(({ y }) => y);
    return this.where(Math.min(...ys) - this.measures.height, Math.max(...ys), (point) => isInside(point, loop));
  }

  private where(top: number, bottom: number, test: (middle: Point) => boolean): string[] {
    const found: string[] = [];
    for (let line = this.lineAt(Math.max(top, 0)); line < this.lines.length; line += 1) {
      const at = this.lines[line];
      if (!at || at.top > bottom) break;
      if (at.kind === "tiles") this.cellsOf(line).forEach((cell, column) => test(this.middle(column, at.top)) && found.push(cell));
    }
    return found;
  }

  /** Where a key leads from a cell; `undefined` where it is none of the grid's. `page` is a height. */
  moved(key: string, section: string, index: number, page: number): { section: string; index: number } | undefined {
    const at = this.places.get(section);
    if (at === undefined) return undefined;
    const { columns, rtl } = this.measures;
    const here = (place: number, wanted: number) => {
      const cells = this.sections[place]?.cells ?? [];
      return { section: this.sections[place]?.key ?? section, index: Math.min(Math.max(wanted, 0), cells.length - 1) };
    };
    const filled = (from: number, by: 1 | -1): number | undefined => {
      for (let place = from; place >= 0 && place < this.sections.length; place += by) if ((this.sections[place]?.cells.length ?? 0) > 0) return place;
      return undefined;
    };
    const step = (by: 1 | -1) => {
      const size = this.sections[at]?.cells.length ?? 0;
      if (index + by >= 0 && index + by < size) return here(at, index + by);
      const next = filled(at + by, by);
      return next === undefined ? here(at, index) : here(next, by > 0 ? 0 : Number.MAX_SAFE_INTEGER);
    };
    const vertical = (by: number): { section: string; index: number } => {
      const column = index % columns;
      let line = this.lineOf(section, index);
      const sign = by > 0 ? 1 : -1;
      const from = this.lines[line]?.top ?? 0;
      let best = line;
      for (line += sign; line >= 0 && line < this.lines.length; line += sign) {
        if (this.lines[line]?.kind !== "tiles") continue;
        if (best !== this.lineOf(section, index) && Math.abs((this.lines[line]?.top ?? 0) - from) > Math.abs(by)) break;
        best = line;
        if (Math.abs(by) <= 1) break;
      }
      const found = this.lines[best];
      if (!found || found.kind === "head") return here(at, index);
      return best === this.lineOf(section, index) ? here(at, index) : here(found.section, found.start + Math.min(column, this.cellsOf(best).length - 1));
    };
    switch (key) {
      case "ArrowRight":
        return step(rtl ? -1 : 1);
      case "ArrowLeft":
        return step(rtl ? 1 : -1);
      case "ArrowDown":
        return vertical(1);
      case "ArrowUp":
        return vertical(-1);
      case "PageDown":
        return vertical(page);
      case "PageUp":
        return vertical(-page);
      case "Home": {
        const first = filled(0, 1);
        return first === undefined ? undefined : here(first, 0);
      }
      case "End": {
        const last = filled(this.sections.length - 1, -1);
        return last === undefined ? undefined : here(last, Number.MAX_SAFE_INTEGER);
      }
      default:
        return undefined;
    }
  }
}

/** Whether a point lies inside a closed line: a ray from it crosses the line an odd number of times. */
export function isInside({ x, y }: Point, loop: readonly Point[]): boolean {
  let inside = false;
  for (let i = 0, j = loop.length - 1; i < loop.length; j = i++) {
    const [a, b] = [loop[i], loop[j]];
    if (a && b && a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}
