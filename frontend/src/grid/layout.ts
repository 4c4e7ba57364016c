/** How tiles stand in rows, and where an arrow key leads: pure arithmetic. */

export interface Tiling {
  columns: number;
  /** Width of one tile, so that a row fills the room. */
  tile: number;
}

export function tiling(room: number, wanted: number, gap: number): Tiling {
  const columns = Math.max(1, Math.floor((room + gap) / (wanted + gap)));
  return { columns, tile: Math.max(1, (room - gap * (columns - 1)) / columns) };
}

/** The index that a key leads to from `index`, or `undefined` where the key is none of the grid's. */
export function moved(key: string, index: number, total: number, columns: number, page: number, rtl: boolean): number | undefined {
  const last = total - 1;
  const within = (wanted: number) => Math.min(Math.max(wanted, 0), last);
  // Up and down stop at the edge instead of sliding sideways.
  const vertical = (by: number) => {
    const wanted = index + by * columns;
    if (wanted >= 0 && wanted <= last) return wanted;
    if (by > 0) return Math.floor(last / columns) > Math.floor(index / columns) ? last : index;
    return index % columns;
  };
  switch (key) {
    case "ArrowRight":
      return within(index + (rtl ? -1 : 1));
    case "ArrowLeft":
      return within(index + (rtl ? 1 : -1));
    case "ArrowDown":
      return vertical(1);
    case "ArrowUp":
      return vertical(-1);
    case "PageDown":
      return vertical(page);
    case "PageUp":
      return vertical(-page);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return undefined;
  }
}
