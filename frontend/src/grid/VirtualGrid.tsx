/** Tiles in rows, of which only those in sight exist; arrows move, and one tile at a time is a tab stop. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type FocusEvent, type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";

import { useWords } from "../words/words";
import { moved, tiling } from "./layout";

const GAP = 8;
const SETTLE_MS = 60;
/** Where each list was scrolled to, so that coming back finds the same place. */
const places = new Map<string, number>();

export interface TileProps {
  tabIndex: 0 | -1;
  "data-index": number;
}

export interface VirtualGridProps {
  label: string;
  /** Names this list: another name starts at the top, a known one where it was left. */
  name: string;
  total: number;
  /** Wished width of a tile; it grows to fill the row. */
  size: number;
  /** Height of a tile from its width. */
  heightOf: (width: number) => number;
  /** One tile; its link or button takes the given props. */
  tile: (index: number, props: TileProps) => ReactNode;
  onRange: (first: number, last: number) => void;
}

export function VirtualGrid({ label, name, total, size, heightOf, tile, onRange }: VirtualGridProps) {
  const words = useWords();
  const scroller = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(0);
  const [active, setActive] = useState(0);
  const wantsFocus = useRef(false);

  useLayoutEffect(() => {
    const { current: element } = scroller;
    if (!element) return undefined;
    const measure = () => {
      const style = getComputedStyle(element);
      setRoom(element.clientWidth - (parseFloat(style.paddingLeft) || 0) - (parseFloat(style.paddingRight) || 0));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const { columns, tile: width } = tiling(room, size, GAP);
  const height = Math.round(heightOf(width));
  const rows = room > 0 ? Math.ceil(total / columns) : 0;
  const virtual = useVirtualizer({
    count: rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => height + GAP,
    overscan: 3,
  });
  const visible = virtual.getVirtualItems();
  const first = (visible[0]?.index ?? 0) * columns;
  const last = Math.min(((visible.at(-1)?.index ?? -1) + 1) * columns, total) - 1;

  // Another tile size or window keeps the tile that stood at the top in sight; another list has its own place.
  const top = useRef(0);
  const ready = rows > 0;
  const { measure, scrollToIndex } = virtual;
  useLayoutEffect(() => {
    measure();
    if (top.current > 0) scrollToIndex(Math.floor(top.current / columns), { align: "start" });
  }, [columns, height, measure, scrollToIndex]);
  useLayoutEffect(() => {
    if (ready) scroller.current?.scrollTo(0, places.get(name) ?? 0);
  }, [name, ready]);

  useEffect(() => {
    if (last < first) return undefined;
    const timer = setTimeout(() => onRange(first, last), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [first, last, onRange]);

  const focusTile = (index: number): boolean => {
    const element = scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`);
    element?.focus({ preventScroll: true });
    return element !== null && element !== undefined;
  };
  useEffect(() => {
    if (wantsFocus.current && focusTile(active)) wantsFocus.current = false;
  });

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / (height + GAP)) - 1);
    const next = moved(event.key, active, total, columns, page, words.dir === "rtl");
    if (next === undefined) return;
    event.preventDefault();
    setActive(next);
    wantsFocus.current = true;
    scrollToIndex(Math.floor(next / columns), { align: "auto" });
    focusTile(next);
  };
  const onFocus = (event: FocusEvent<HTMLDivElement>) => {
    const index = event.target.closest<HTMLElement>("[data-index]")?.dataset["index"];
    if (index !== undefined) setActive(Number(index));
  };
  const stop = active >= first && active <= last ? active : first;

  return (
    <div
      ref={scroller}
      className="grid-scroller"
      onScroll={(event) => {
        places.set(name, event.currentTarget.scrollTop);
        top.current = Math.round(event.currentTarget.scrollTop / (height + GAP)) * columns;
      }}
    >
      <div
        role="grid"
        aria-label={label}
        aria-rowcount={rows}
        aria-colcount={columns}
        className="grid"
        style={{ height: virtual.getTotalSize() }}
        onKeyDown={onKeyDown}
        onFocus={onFocus}
      >
        {visible.map((row) => (
          <div
            key={row.key}
            role="row"
            aria-rowindex={row.index + 1}
            className="grid-row"
            style={{ transform: `translateY(${row.start}px)`, height }}
          >
            {Array.from({ length: Math.min(columns, total - row.index * columns) }, (_, column) => {
              const index = row.index * columns + column;
              return (
                <div key={index} role="gridcell" aria-colindex={column + 1} style={{ width, height }}>
                  {tile(index, { tabIndex: index === stop ? 0 : -1, "data-index": index })}
                </div>
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}
