/** A grid of which only the rows in sight are in the page, so that forty thousand cells cost no more than forty. */
import { h } from "./dom";

export interface Layout {
  columns: number;
  tile: number;
  row: number;
  height: number;
}

export function layOut(width: number, count: number, least: number, gap: number, caption: number): Layout {
  const columns = Math.max(2, Math.floor((width + gap) / (least + gap)));
  const tile = Math.max(1, (width - gap * (columns - 1)) / columns);
  const row = tile + caption + gap;
  return { columns, tile, row, height: Math.max(0, Math.ceil(count / columns) * row - gap) };
}

/** The first and the last place in sight, with some rows more on both sides. */
export function inSight(layout: Layout, count: number, top: number, view: number, more = 3): [number, number] {
  const first = Math.max(0, Math.floor(top / layout.row) - more);
  const last = Math.ceil((top + view) / layout.row) + more;
  return [Math.min(count, first * layout.columns), Math.max(0, Math.min(count, last * layout.columns))];
}

/** Where the arrow keys lead from a place. */
export function steer(key: string, at: number, count: number, columns: number, rtl: boolean): number | undefined {
  const side = rtl ? -1 : 1;
  const steps: Record<string, number> = {
    ArrowRight: side,
    ArrowLeft: -side,
    ArrowDown: columns,
    ArrowUp: -columns,
    Home: -at,
    End: count - 1 - at,
  };
  const step = steps[key];
  if (step === undefined) return undefined;
  const next = at + step;
  return next < 0 || next >= count ? at : next;
}

const GAP = 10;
const CAPTION = 26;

export class Grid {
  readonly element: HTMLElement;
  private count = 0;
  private layout: Layout = layOut(1, 0, 1, GAP, CAPTION);
  private readonly tiles = new Map<number, HTMLElement>();
  private at = 0;
  private readonly watch: ResizeObserver;
  private readonly draw = () => this.paint();

  constructor(
    private readonly tileAt: (at: number) => HTMLElement,
    label: string,
  ) {
    this.element = h("div", { class: "grid", role: "list", "aria-label": label, onkeydown: (event: KeyboardEvent) => this.press(event) });
    this.watch = new ResizeObserver(() => this.measure());
    this.watch.observe(this.element);
    addEventListener("scroll", this.draw, { passive: true });
  }

  close(): void {
    this.watch.disconnect();
    removeEventListener("scroll", this.draw);
  }

  /** Show others; `keep` leaves the tiles that are there, when only more have come behind them. */
  show(count: number, keep = false): void {
    this.count = count;
    if (!keep) {
      for (const tile of this.tiles.values()) tile.remove();
      this.tiles.clear();
      this.at = 0;
    }
    this.measure();
  }

  /** Take the place that it has in the page: called once it is there, and whenever that changes. */
  measure(): void {
    const width = this.element.clientWidth;
    if (!width) return;
    const least = width < 500 ? 96 : 128;
    this.layout = layOut(width, this.count, least, GAP, CAPTION);
    this.element.style.blockSize = `${this.layout.height}px`;
    this.element.style.setProperty("--tile", `${this.layout.tile}px`);
    for (const [at, tile] of this.tiles) this.put(tile, at);
    this.paint();
  }

  private put(tile: HTMLElement, at: number): void {
    const { columns, tile: side, row } = this.layout;
    tile.style.insetBlockStart = `${Math.floor(at / columns) * row}px`;
    tile.style.insetInlineStart = `${(at % columns) * (side + GAP)}px`;
  }

  private paint(): void {
    const top = -this.element.getBoundingClientRect().top;
    const [first, last] = inSight(this.layout, this.count, top, innerHeight);
    for (const [at, tile] of this.tiles) {
      // The one that has the focus stays, however far it was scrolled away.
      if ((at < first || at >= last) && tile !== document.activeElement?.parentElement) {
        tile.remove();
        this.tiles.delete(at);
      }
    }
    for (let at = first; at < last; at++) if (!this.tiles.has(at)) this.add(at);
  }

  private add(at: number): HTMLElement {
    const link = this.tileAt(at);
    link.tabIndex = at === this.at ? 0 : -1;
    const tile = h("div", { class: "tile", role: "listitem", "aria-setsize": this.count, "aria-posinset": at + 1 }, link);
    this.put(tile, at);
    const next = [...this.tiles.keys()].filter((each) => each > at).sort((one, other) => one - other)[0];
    this.element.insertBefore(tile, next === undefined ? null : (this.tiles.get(next) ?? null));
    this.tiles.set(at, tile);
    return tile;
  }

  private press(event: KeyboardEvent): void {
    const tile = (event.target as Element).closest<HTMLElement>(".tile");
    const now = Number(tile?.getAttribute("aria-posinset")) - 1;
    const rtl = document.documentElement.dir === "rtl";
    const next = tile ? steer(event.key, now, this.count, this.layout.columns, rtl) : undefined;
    if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.tiles.get(this.at)?.querySelector("a")?.setAttribute("tabindex", "-1");
    this.at = next;
    const there = this.tiles.get(next) ?? this.add(next);
    const link = there.querySelector("a");
    link?.setAttribute("tabindex", "0");
    link?.focus({ preventScroll: true });
    there.scrollIntoView({ block: "nearest" });
  }
}
