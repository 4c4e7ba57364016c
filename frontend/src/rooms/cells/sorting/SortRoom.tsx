/** The gallery by class: cells under their classes, put elsewhere by hand or by a key, and confirmed page by page. */
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";

import { address, type Taxonomy } from "../../../api/client";
import type { Person } from "../../../api/people";
import { SectionGrid, type SectionGridHandle } from "../../../grid/SectionGrid";
import type { Section } from "../../../grid/sections";
import { type Bindings, keepBindings, keptBindings, lookup, parentOf, type Tool } from "../../../keys/bindings";
import { useLabelKeys } from "../../../keys/useLabelKeys";
import { Empty, Failed, Loading } from "../../../parts/Notice";
import { goQuery, useAddress } from "../../../route/router";
import { useWords } from "../../../words/words";
import { TermDialog } from "../../label/Dialogs";
import { KeysDialog } from "../../label/KeysDialog";
import { CellDialog } from "../CellDialog";
import { asQuery, type Filter } from "../filter";
import { choices, termName } from "../terms";
import { Carried, Stroke } from "./Carried";
import { NO_CLASS } from "./events";
import { isSeen, useFaces } from "./Faces";
import { Rail } from "./Rail";
import { NOBODY, ranged, type Selection, still, toggled, together } from "./selection";
import { Suggested } from "./Suggested";
import { Tools } from "./Tools";
import type { Alive } from "./useBoard";
import { useHands } from "./useHands";

export interface SortRoomProps {
  alive: Alive;
  filter: Filter;
  /** Who may label; nobody else may move a cell. */
  person: Person | undefined;
  taxonomy: Taxonomy;
  side: number;
  narrow: boolean;
  /** Whether cells without a class stand as a program suggests. */
  ordered: boolean;
  onTotal: (total: number | undefined) => void;
}

type Open = "terms" | "not-white" | "keys" | undefined;

export function SortRoom({ alive, filter, person, taxonomy, side, narrow, ordered, onTotal }: SortRoomProps) {
  const words = useWords();
  const { sorting } = words;
  const { query } = useAddress();
  const cellOpen = query.get("cell") ?? undefined;
  const url = address("/api/sorting", {}, { ...asQuery(filter), order: ordered ? "suggested" : null });
  const { board, seen, problem, retry } = alive;
  const grid = useRef<SectionGridHandle>(null);
  const ghost = useRef<HTMLDivElement>(null);
  const [bindings, setBindings] = useState<Bindings>(() => keptBindings(taxonomy));
  const acts = useMemo(() => lookup(bindings), [bindings]);
  const [selection, select] = useState<Selection>(NOBODY);
  const [active, setActive] = useState<string>();
  const [current, setCurrent] = useState<string>();
  const [inView, setInView] = useState<readonly string[]>([]);
  const [lasso, setLasso] = useState(false);
  const [open, setOpen] = useState<Open>();
  const [said, setSaid] = useState("");
  /** Whether a key means the tile under the mouse: so until the keyboard moves the focus. */
  const byMouse = useRef(false);
  useEffect(() => onTotal(seen?.total), [onTotal, seen?.total]);

  const nameOf = useCallback((key: string) => (key === NO_CLASS ? sorting.unidentified : termName(key, taxonomy, words)), [taxonomy, words, sorting]);
  const classes = seen?.classes;
  const sections = useMemo((): readonly Section[] => {
    if (!classes) return [];
    const known = [NO_CLASS, ...choices(taxonomy).map(({ key }) => key)];
    const order = [...known.filter((key) => classes.has(key)), ...[...classes.keys()].filter((key) => !known.includes(key))];
    return order.map((key) => ({ key, cells: classes.get(key) ?? [] }));
  }, [classes, taxonomy]);
  const order = useCallback(() => sections.flatMap(({ cells }) => cells), [sections]);
  const isFree = useCallback((cell: string) => board?.isFree(cell) ?? false, [board]);
  /** What nobody can label now cannot be chosen, in whatever way. */
  const setSelection = useCallback(
    (next: Selection | ((now: Selection) => Selection)) => select((now) => still(typeof next === "function" ? next(now) : next, isFree)),
    [isFree],
  );

  const put = useCallback(
    (cells: readonly string[], term: string): number => {
      if (!board || term === NO_CLASS) return 0;
      const count = board.label(cells, term);
      setSelection(NOBODY);
      if (count > 0) setSaid(sorting.labeled(count, nameOf(term)));
      else setSaid(cells.length > 0 ? sorting.notFree : sorting.nothing);
      return count;
    },
    [board, nameOf, setSelection, sorting],
  );
  const openCell = useCallback((cell: string) => goQuery({ cell }, { replace: false }), []);
  const { shown, pointed, onPointerDown, onPointerMove, onDoubleClick } = useHands({ grid, ghost, selection, select: setSelection, order, isFree, onDrop: put, onOpen: openCell, lasso });

  /** What a key means: what is chosen, else the tile under the mouse, else the one with the focus. */
  const meant = (): readonly string[] => {
    if (selection.chosen.size > 0) return [...selection.chosen];
    const one = byMouse.current ? (pointed.current ?? active) : active;
    return one === undefined ? [] : [one];
  };
  const name = (term: string) => {
    const cells = meant();
    if (selection.chosen.size === 0 && cells.some((cell) => isFree(cell) && !isSeen(cell))) {
      setSaid(words.label.notYet);
      return;
    }
    const at = cells.length === 1 && cells[0] !== undefined ? board?.at(cells[0]) : undefined;
    const [section, index] = [at?.at, at && cells[0] ? (classes?.get(at.at)?.indexOf(cells[0]) ?? -1) : -1];
    if (put(cells, term) === 0) return;
    // The next cell comes under the hand, or under the focus.
    if (section !== undefined && index >= 0 && !byMouse.current) {
      const left = board?.seen.classes.get(section) ?? [];
      const next = left[Math.min(board?.at(cells[0] ?? "")?.at === section ? index + 1 : index, left.length - 1)];
      if (next !== undefined) setActive(next);
      wantsFocus.current = next;
    }
  };
  const wantsFocus = useRef<string>(undefined);
  useEffect(() => {
    const { current: cell } = wantsFocus;
    const tile = cell === undefined ? undefined : board?.at(cell);
    if (cell === undefined || !tile) return;
    wantsFocus.current = undefined;
    grid.current?.focus(tile.at, classes?.get(tile.at)?.indexOf(cell) ?? 0);
  });

  const confirm = useCallback(() => {
    const here = (grid.current?.inView() ?? []).filter((cell) => board?.at(cell)?.bare === false);
    const there = here.filter(isSeen);
    const count = board?.confirm(there) ?? 0;
    setSaid(there.length < here.length ? `${count > 0 ? `${sorting.confirmed(count)}. ` : ""}${words.label.notYet}` : sorting.confirmed(count));
    // What could not be seen yet was not confirmed: it stays in sight.
    if (count > 0 && there.length === here.length) grid.current?.nextPage();
  }, [board, sorting, words]);
  const back = (kind: "undo" | "redo") => {
    const batch = kind === "undo" ? board?.undo() : board?.redo();
    const count = batch?.length ?? 0;
    setSaid(count === 0 ? words.label.nothingToUndo : kind === "undo" ? sorting.undone(count) : sorting.redone(count));
  };
  const onTool = (tool: Tool) => {
    if (!person) return;
    if (tool === "undo" || tool === "redo") back(tool);
    if (tool === "other") setOpen("terms");
    if (tool === "notWhite") setOpen("not-white");
  };
  useLabelKeys({
    acts,
    onTerm: (key, parent) => {
      if (!person) return;
      const above = parent ? parentOf(taxonomy, key) : undefined;
      if (parent && !above) setSaid(words.label.noParent);
      else name(above?.key ?? key);
    },
    onTool,
    onSheet: () => setOpen("keys"),
    rtl: words.dir === "rtl",
    off: false,
  });
  const choosePage = () => {
    const cells = (grid.current?.inView() ?? []).filter(isFree);
    setSelection((now) => together(now, cells));
    setSaid(sorting.chosen(cells.length));
  };
  const pageKeys = useRef({ confirm, choosePage });
  useEffect(() => {
    pageKeys.current = { confirm, choosePage };
  });
  useEffect(() => {
    const onDown = (event: globalThis.KeyboardEvent) => {
      const target = event.target instanceof Element ? event.target : null;
      if (event.defaultPrevented || target?.closest("input, textarea, [role=listbox], [role=slider]") || document.querySelector("[role=dialog]")) return;
      const held = event.ctrlKey || event.metaKey;
      if (event.code === "NumpadEnter" || (held && event.code === "Enter")) {
        event.preventDefault();
        if (!event.repeat) pageKeys.current.confirm();
      } else if (held && !event.shiftKey && event.code === "KeyA") {
        event.preventDefault();
        pageKeys.current.choosePage();
      } else if (event.code === "Escape") setSelection(NOBODY);
    };
    // Before the grid: the Enter of the numpad opens no cell.
    window.addEventListener("keydown", onDown, true);
    return () => window.removeEventListener("keydown", onDown, true);
  }, []);

  const onKey = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.ctrlKey || event.altKey || event.metaKey || active === undefined) return;
    if (event.code === "Enter") {
      event.preventDefault();
      openCell(active);
    } else if (event.code === "Space") {
      event.preventDefault();
      setSelection((now) => toggled(now, active));
    }
  };
  const onMove = (cell: string, _section: string, _index: number, shift: boolean) => {
    byMouse.current = false;
    if (shift) setSelection((now) => ranged(now.anchor === undefined && active !== undefined ? { ...now, anchor: active } : now, cell, order(), false));
    else setSelection(NOBODY);
    setActive(cell);
  };
  const onView = (section: string | undefined) => {
    setCurrent(section);
    setInView(grid.current?.inView() ?? []);
  };
  // Cells that went elsewhere by a receipt, an undo or another tab are chosen no more than before; those gone are not.
  useEffect(() => setSelection((now) => still(now, isFree)), [isFree, setSelection]);
  const press = useCallback(
    (key: string) => {
      if (selection.chosen.size > 0 && key !== NO_CLASS) put([...selection.chosen], key);
      else grid.current?.show(key);
    },
    [put, selection.chosen],
  );
  const face = useFaces(board, seen, side, words, nameOf);
  const heading = useCallback(
    ({ key, cells }: Section) => (
      <>
        <span className="section-name">{nameOf(key)}</span>
        <span className="count">{words.number(cells.length)}</span>
        {(seen?.mine.get(key) ?? 0) > 0 ? <span className="quiet">{sorting.ownOf(seen?.mine.get(key) ?? 0)}</span> : null}
      </>
    ),
    [nameOf, seen, sorting, words],
  );

  if (problem) return <Failed problem={problem} onRetry={retry} />;
  if (!board || !seen) return <Loading />;
  if (seen.loaded === 0) return narrow ? <Empty title={words.gallery.empty} hint={words.gallery.emptyHint} /> : <Empty title={words.gallery.nothing} hint={words.gallery.nothingHint} />;
  const confirmable = inView.filter((cell) => {
    const tile = board.at(cell);
    return tile && !tile.mine && tile.at !== NO_CLASS && board.isFree(cell);
  }).length;
  const all = cellOpen === undefined ? [] : order();
  const here = cellOpen === undefined ? -1 : all.indexOf(cellOpen);
  const goTo = (cell: string | undefined) => (cell === undefined ? undefined : () => goQuery({ cell }));
  return (
    <div className={shown.carried.length > 0 ? "sorting carrying" : "sorting"}>
      {person ? (
        <Tools
          confirmable={confirmable}
          chosen={selection.chosen.size}
          undoable={seen.done.length > 0}
          redoable={seen.undone.length > 0}
          lasso={lasso}
          onConfirm={confirm}
          onUndo={() => back("undo")}
          onRedo={() => back("redo")}
          onPage={choosePage}
          onClear={() => setSelection(NOBODY)}
          onLasso={() => setLasso((now) => !now)}
          onOther={() => setOpen("terms")}
          onKeys={() => setOpen("keys")}
        />
      ) : (
        <p className="quiet sort-tools">{sorting.lookOnly}</p>
      )}
      <Rail
        taxonomy={taxonomy}
        bindings={bindings}
        classes={seen.classes}
        mine={seen.mine}
        current={current}
        target={shown.target}
        carrying={shown.carried.length > 0}
        chosen={person ? selection.chosen.size : 0}
        onPress={press}
      />
      <div className="sort-main" onPointerMove={(event) => ((byMouse.current = event.pointerType !== "touch"), onPointerMove(event))}>
        {person && (ordered || seen.classes.has(NO_CLASS)) ? <Suggested on={ordered} suggested={board.suggested} by={board.suggestedBy} nameOf={nameOf} /> : null}
        {seen.loaded < seen.total ? <p className="banner">{sorting.leftOut(seen.loaded, seen.total)}</p> : null}
        <SectionGrid
          ref={grid}
          label={sorting.grid}
          name={url}
          sections={sections}
          size={filter.size}
          chosen={selection.chosen}
          active={active}
          onActive={setActive}
          face={face}
          heading={heading}
          onView={onView}
          onKey={onKey}
          onPointerDown={person ? onPointerDown : () => undefined}
          onDoubleClick={onDoubleClick}
          onMove={onMove}
          className={`${lasso ? "lasso" : ""}${shown.target === undefined ? "" : " over"}`}
        >
          <Stroke points={shown.drawn} loop={shown.isLoop} />
        </SectionGrid>
      </div>
      <Carried ref={ghost} cells={shown.carried} side={side} />
      <p className="unseen" role="status">
        {said}
      </p>
      <p className="sort-said" aria-hidden="true" key={`${said} ${seen.done.length} ${seen.undone.length}`}>
        {said}
      </p>
      <TermDialog
        open={open === "terms" || open === "not-white"}
        notWhite={open === "not-white"}
        taxonomy={taxonomy}
        onTerm={(key) => {
          setOpen(undefined);
          name(key);
        }}
        onClose={() => setOpen(undefined)}
      />
      <KeysDialog
        open={open === "keys"}
        taxonomy={taxonomy}
        bindings={bindings}
        onChange={(next) => {
          keepBindings(taxonomy, next);
          setBindings(next ?? keptBindings(taxonomy));
        }}
        onClose={() => setOpen(undefined)}
      />
      <CellDialog id={cellOpen} taxonomy={taxonomy} onClose={() => goQuery({ cell: null })} onPrevious={goTo(all[here - 1])} onNext={here < 0 ? undefined : goTo(all[here + 1])} />
    </div>
  );
}
