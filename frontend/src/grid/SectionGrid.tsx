/** Sections of tiles, of which only those in sight exist: one tab stop, arrows across sections, many chosen at once. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, memo, type PointerEvent, type ReactNode, type RefObject, useCallback, useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState } from "react";

import { useWords } from "../words/words";
import { tiling } from "./layout";
import { Layout, type Point, type Section } from "./sections";

const GAP = 6;
const HEAD = 48;
const SETTLE_MS = 80;
const places = new Map<string, number>();

export interface SectionGridHandle {
  scroller: HTMLDivElement | null;
  layout: Layout;
  /** Where a pointer is, from the top left of all lines. */
  pointOf: (event: { clientX: number; clientY: number }) => Point;
  /** Cells whose whole tile is in sight. */
  inView: () => string[];
  scrollBy: (by: number) => void;
  /** Bring the heading of a section to the top. */
  show: (section: string) => void;
  /** Put the focus on a cell. */
  focus: (section: string, index: number) => void;
  /** One page on, so that what was cut off at the bottom stands at the top. */
  nextPage: () => void;
}

export interface TileFace {
  className: string;
  name: string;
  content: ReactNode;
  disabled: boolean;
}

export interface SectionGridProps {
  ref: RefObject<SectionGridHandle | null>;
  label: string;
  name: string;
  sections: readonly Section[];
  size: number;
  chosen: ReadonlySet<string>;
  active: string | undefined;
  onActive: (cell: string) => void;
  /** Keep the same function while faces stay the same. */
  face: (cell: string) => TileFace;
  heading: (section: Section) => ReactNode;
  /** After the page came to rest: the section at the top. */
  onView: (section: string | undefined) => void;
  onKey: (event: KeyboardEvent<HTMLDivElement>) => void;
  onPointerDown: (event: PointerEvent<HTMLDivElement>) => void;
  onDoubleClick: (event: { target: EventTarget }) => void;
  onMove: (cell: string, section: string, index: number, shift: boolean) => void;
  className: string;
  /** Drawn over all lines: a frame, a loop. */
  children?: ReactNode;
}

export function SectionGrid(props: SectionGridProps) {
  const { ref, label, name, sections, size, chosen, active, onActive, face, heading, onView, onKey, onMove, className } = props;
  const words = useWords();
  const rtl = words.dir === "rtl";
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(0);
  const wantsFocus = useRef<string>(undefined);

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

  const { columns, tile } = tiling(room, size, GAP);
  const side = Math.round(tile);
  const layout = useMemo(
    () => new Layout(room > 0 ? sections : [], { columns, tile, height: side, gap: GAP, head: HEAD, rtl, width: room }),
    [sections, columns, tile, side, rtl, room],
  );
  const virtual = useVirtualizer({
    count: layout.lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (line) => layout.heightOf(line),
    overscan: 3,
  });
  const { measure, scrollToIndex } = virtual;
  useLayoutEffect(() => measure(), [layout, measure]);
  const ready = layout.lines.length > 0;
  useLayoutEffect(() => {
    if (ready) scroller.current?.scrollTo(0, places.get(name) ?? 0);
  }, [name, ready]);

  const view = useCallback((): [number, number] => {
    const { current: element } = scroller;
    const { current: inside } = content;
    if (!element || !inside) return [0, 0];
    const top = element.getBoundingClientRect().top - inside.getBoundingClientRect().top;
    return [top, top + element.clientHeight];
  }, []);

  const told = useRef(onView);
  useEffect(() => {
    told.current = onView;
  });
  const offset = virtual.scrollOffset ?? 0;
  useEffect(() => {
    const timer = setTimeout(() => {
      const line = layout.lines[layout.lineAt(view()[0] + HEAD / 2)];
      told.current(line && layout.sections[line.section]?.key);
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [offset, layout, view]);

  useImperativeHandle(
    ref,
    (): SectionGridHandle => ({
      scroller: scroller.current,
      layout,
      pointOf: ({ clientX, clientY }) => {
        const box = content.current?.getBoundingClientRect();
        return { x: clientX - (box?.left ?? 0), y: clientY - (box?.top ?? 0) };
      },
      inView: () => {
        const [top, bottom] = view();
        return layout.whole(Math.floor(top), Math.ceil(bottom));
      },
      scrollBy: (by) => scroller.current?.scrollBy(0, by),
      show: (section) => {
        const line = layout.headOf(section);
        if (line !== undefined) scrollToIndex(line, { align: "start" });
      },
      focus: (section, index) => {
        const cell = layout.sections.find(({ key }) => key === section)?.cells[index];
        if (cell === undefined) return;
        wantsFocus.current = cell;
        onActive(cell);
        scrollToIndex(layout.lineOf(section, index), { align: "auto" });
      },
      nextPage: () => {
        const [, bottom] = view();
        const cut = layout.lines.findIndex((line, at) => line.top + layout.heightOf(at) - GAP > bottom);
        if (cut >= 0) scrollToIndex(cut, { align: "start" });
      },
    }),
    [layout, onActive, scrollToIndex, view],
  );

  const focusTile = (cell: string): boolean => {
    const element = scroller.current?.querySelector<HTMLElement>(`[data-cell="${cell}"]`);
    element?.focus({ preventScroll: true });
    return element !== null && element !== undefined;
  };
  useEffect(() => {
    if (wantsFocus.current !== undefined && focusTile(wantsFocus.current)) wantsFocus.current = undefined;
  });

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    onKey(event);
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    const at = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-cell]") : null;
    const { section, index } = at?.dataset ?? {};
    // The numpad names classes, with NumLock off too: there it says PageUp, or an arrow.
    if (section === undefined || index === undefined || event.code.startsWith("Numpad")) return;
    const page = Math.max(side, (scroller.current?.clientHeight ?? 0) - side);
    const next = layout.moved(event.key, section, Number(index), page);
    if (next === undefined) return;
    event.preventDefault();
    const cell = layout.sections.find(({ key }) => key === next.section)?.cells[next.index];
    if (cell === undefined) return;
    wantsFocus.current = cell;
    onMove(cell, next.section, next.index, event.shiftKey);
    scrollToIndex(layout.lineOf(next.section, next.index), { align: "auto" });
    focusTile(cell);
  };

  const visible = virtual.getVirtualItems().filter(({ index }) => index < layout.lines.length);
  const shown = visible.flatMap(({ index }) => layout.cellsOf(index));
  const stop = active !== undefined && shown.includes(active) ? active : shown[0];

  return (
    <div
      ref={scroller}
      className={`grid-scroller sections-scroller ${className}`}
      onScroll={(event) => places.set(name, event.currentTarget.scrollTop)}
      onPointerDown={props.onPointerDown}
      onDoubleClick={props.onDoubleClick}
      onContextMenu={(event) => matchMedia("(pointer: coarse)").matches && event.preventDefault()}
    >
      <div
        ref={content}
        role="grid"
        aria-label={label}
        aria-multiselectable="true"
        aria-rowcount={layout.lines.length}
        aria-colcount={columns}
        className="grid"
        style={{ height: layout.height }}
        onKeyDown={onKeyDown}
        onFocus={(event) => {
          const cell = event.target.closest<HTMLElement>("[data-cell]")?.dataset["cell"];
          if (cell !== undefined) onActive(cell);
        }}
      >
        {visible.map(({ index, key }) => {
          const line = layout.lines[index];
          const section = line && layout.sections[line.section];
          if (!line || !section) return null;
          return line.kind === "head" ? (
            <div key={key} role="row" aria-rowindex={index + 1} className="section-head" data-class={section.key} style={{ transform: `translateY(${line.top}px)`, height: HEAD }}>
              <div role="rowheader" aria-colspan={columns}>
                {heading(section)}
              </div>
            </div>
          ) : (
            <Line
              key={key}
              row={index + 1}
              top={line.top}
              width={tile}
              height={side}
              section={section.key}
              cells={section.cells}
              start={line.start}
              columns={columns}
              chosen={chosen}
              stop={stop}
              face={face}
            />
          );
        })}
        {props.children}
      </div>
    </div>
  );
}

interface LineProps {
  row: number;
  top: number;
  width: number;
  height: number;
  section: string;
  cells: readonly string[];
  start: number;
  columns: number;
  chosen: ReadonlySet<string>;
  stop: string | undefined;
  face: (cell: string) => TileFace;
}

const Line = memo(
  function Line({ row, top, width, height, section, cells, start, columns, chosen, stop, face }: LineProps) {
    return (
      <div role="row" aria-rowindex={row} className="grid-row" data-class={section} style={{ transform: `translateY(${top}px)`, height }}>
        {cells.slice(start, start + columns).map((cell, column) => {
          const { className, name, content, disabled } = face(cell);
          const selected = chosen.has(cell);
          return (
            <div
              key={cell}
              role="gridcell"
              aria-colindex={column + 1}
              aria-selected={selected}
              aria-disabled={disabled || undefined}
              aria-label={name}
              tabIndex={cell === stop ? 0 : -1}
              data-cell={cell}
              data-section={section}
              data-index={start + column}
              className={selected ? `${className} chosen` : className}
              style={{ width, height }}
            >
              {content}
            </div>
          );
        })}
      </div>
    );
  },
  // While nothing but the place of the window changes, a line that stays is not drawn again.
  (before, after) => {
    const { chosen, stop, ...rest } = before;
    const { chosen: nextChosen, stop: nextStop, ...next } = after;
    if ((Object.keys(rest) as (keyof typeof rest)[]).some((name) => rest[name] !== next[name])) return false;
    const here = after.cells.slice(after.start, after.start + after.columns);
    return here.every((cell) => chosen.has(cell) === nextChosen.has(cell) && (cell === stop) === (cell === nextStop));
  },
);
