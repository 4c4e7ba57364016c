/** The screen of Locate: the photograph, its tools, the box that is chosen, and what every key does. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";

import { fieldPicture, type FieldView, type Taxonomy } from "../../api/client";
import type { Person } from "../../api/people";
import { grown, moved, put, resized } from "../../canvas/edit";
import type { Editable } from "../../canvas/EditBoxes";
import { ground } from "../../canvas/ground";
import { previewOf } from "../../canvas/Photo";
import { type Point, type Rectangle, readingOrder } from "../../canvas/viewport";
import { keptBindings, lookup } from "../../keys/bindings";
import { cap } from "../../keys/chords";
import { newId } from "../../offline/events";
import { SentMark } from "../../offline/SentMark";
import { Failed, Loading } from "../../parts/Notice";
import { useWords } from "../../words/words";
import { termName } from "../cells/terms";
import { TermDialog } from "../label/Dialogs";
import { type Act, type Held, inSight, removedOnes, typed, typicalSide, withType } from "./boxes";
import type { MenuAct } from "./BoxMenu";
import { Chosen } from "./Chosen";
import { KeysOfLocate } from "./KeysOfLocate";
import { type CanvasHandle, LocateCanvas } from "./LocateCanvas";
import { Tools } from "./Tools";
import { TypePad } from "./TypePad";
import { useLocate } from "./useLocate";
import { type Tool, useLocateKeys } from "./useLocateKeys";

const GROWS = { smaller: -1, larger: 1, muchSmaller: -10, muchLarger: 10 } as const;
const SAID_MS = 2500;
/** Here nothing is shown larger beside the photograph, and its whole picture is not asked for. */
const PHONE = 640;

/** A box that is put is as large as the one that was last drawn and resized on this set-up; before that, as those around it. */
const keptAs = (field: FieldView["field"]): string => `buffycoat.locate.side.${field.capture_id}`;
const sideOf = ({ left, top, right, bottom }: Rectangle): number => Math.max(right - left, bottom - top);

export interface LocateRoomProps {
  view: FieldView;
  taxonomy: Taxonomy;
  person: Person | null;
  /** The cell that the address names. */
  cell: string | undefined;
  onNext: () => void;
  onPrevious: () => void;
}

export function LocateRoom({ view: { field }, taxonomy, person, cell, onNext, onPrevious }: LocateRoomProps) {
  const words = useWords();
  const { locate } = words;
  const locating = useLocate(field.id, person);
  const { boxes, mayDraw, side, act } = locating;
  const [selected, setSelected] = useState<string>();
  const [hidden, setHidden] = useState(false);
  const [sheet, setSheet] = useState(false);
  const [terms, setTerms] = useState(false);
  const [said, setSaid] = useState("");
  const [usual, setUsual] = useState(() => Number(localStorage.getItem(keptAs(field))) || 0);
  const canvas = useRef<CanvasHandle>(null);
  const bindings = useMemo(() => keptBindings(taxonomy), [taxonomy]);
  const acts = useMemo(() => lookup(bindings), [bindings]);
  const picture = ground(field, []);
  const ordered = useMemo(() => readingOrder(inSight(boxes), ({ place }) => place), [boxes]);
  const removed = removedOnes(boxes);
  const chosen = selected === undefined ? undefined : ordered.find(({ box }) => box === selected);
  const open = ordered.filter(({ state }) => state === "suggested");

  useEffect(() => {
    if (!said) return undefined;
    const timer = setTimeout(() => setSaid(""), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  // The cell that the address names is chosen and zoomed to when the boxes are here.
  const arrived = useRef(false);
  useEffect(() => {
    if (!locating.ready || arrived.current || ordered.length === 0) return;
    arrived.current = true;
    const named = cell === undefined ? undefined : ordered.find((each) => each.cell === cell || each.box === cell);
    if (!named) return;
    setSelected(named.box);
    canvas.current?.show(named.place);
  }, [locating.ready, ordered, cell]);

  const name = (each: Held) => (each.term === null ? "" : termName(each.term, taxonomy, words));
  const drawn: Editable[] = ordered.map((each, index) => ({
    box: each.box,
    place: each.place,
    look: each.state,
    name: locate.box(index + 1, ordered.length, locate.state[each.state] ?? each.state, name(each)),
    tag: each.term === null ? "" : (cap(bindings[`term:${each.term}`] ?? []).split(" ")[0] || name(each).slice(0, 3)),
  }));

  const change = (made: readonly Act[]) => {
    if (!mayDraw) setSaid(person ? locate.notYours : locate.signIn);
    else act(made);
  };
  const placed = (box: string, place: Rectangle) => {
    const before = boxes.get(box);
    if (before?.state === "drawn" && mayDraw && sideOf(before.place) !== sideOf(place)) {
      localStorage.setItem(keptAs(field), String(sideOf(place)));
      setUsual(sideOf(place));
    }
    change(withType(boxes, { act: "move", box, place }));
  };
  const add = (at: Point) => {
    if (!mayDraw || side === 0) return;
    const box = newId();
    const place = put(at, usual || typicalSide(ordered) || side, picture);
    change([{ act: "add", box, place }]);
    setSelected(box);
    canvas.current?.reveal(place);
  };
  const remove = (box: string) => {
    const index = ordered.findIndex((each) => each.box === box);
    change([{ act: "remove", box }]);
    setSelected((ordered[index + 1] ?? ordered[index - 1])?.box);
  };
  const choose = useCallback((box: string) => setSelected(box), []);
  const step = () => {
    const index = ordered.findIndex(({ box }) => box === selected);
    const next = ordered[index + 1];
    if (!next) return;
    setSelected(next.box);
    canvas.current?.reveal(next.place);
  };
  const type = (term: string | null, goOn = false) => {
    if (!chosen) {
      setSaid(locate.chooseFirst);
      return;
    }
    change(typed(boxes, chosen.box, term));
    setSaid(term === null ? "" : termName(term, taxonomy, words));
    if (goOn) step();
  };
  const accept = () => {
    if (!chosen) return;
    if (chosen.state === "suggested") change([{ act: "accept", box: chosen.box }]);
    step();
  };
  const onTool = (tool: Tool) => {
    const done: Record<Tool, () => void> = {
      add: () => {
        const at = canvas.current?.middle();
        if (at) add(at);
      },
      remove: () => chosen && remove(chosen.box),
      accept,
      acceptAll: () => {
        change(open.map(({ box }) => ({ act: "accept", box })));
        if (mayDraw) setSaid(open.length === 0 ? locate.nothingToAccept : locate.acceptedAll(open.length));
      },
      undo: () => setSaid(locating.undo() ? locate.undo : locate.nothingToUndo),
      redo: () => void locating.redo(),
      next: onNext,
      previous: onPrevious,
      zoom: () => canvas.current?.zoomIn(),
      zoomOut: () => canvas.current?.zoomOut(),
      fit: () => canvas.current?.fit(),
      cancel: () => canvas.current?.cancel() || setSelected(undefined),
      smaller: () => grow("smaller"),
      larger: () => grow("larger"),
      muchSmaller: () => grow("muchSmaller"),
      muchLarger: () => grow("muchLarger"),
      sheet: () => setSheet(true),
      other: () => (chosen && mayDraw ? setTerms(true) : setSaid(mayDraw ? locate.chooseFirst : "")),
    };
    done[tool]();
  };
  const grow = (how: keyof typeof GROWS) => chosen && placed(chosen.box, grown(chosen.place, GROWS[how], picture));
  const onNudge = (dx: number, dy: number, stretch: boolean) => {
    if (!chosen) return false;
    const by = { x: dx, y: dy };
    const next = stretch ? resized(chosen.place, { x: dx ? 1 : 0, y: dy ? 1 : 0 }, by, picture) : moved(chosen.place, by, picture);
    placed(chosen.box, next);
    canvas.current?.reveal(next);
    return true;
  };
  const onMenu = (box: string, what: MenuAct) => {
    const held = boxes.get(box);
    if (!held) return;
    if (what === "zoomTo") canvas.current?.show(held.place);
    else if (what === "remove") remove(box);
    else if (what === "noType") change([{ act: "type", box, term: null }]);
    else change([{ act: what, box }]);
  };
  useLocateKeys({ acts, onTool, onType: (term) => type(term, true), onNudge, onHide: setHidden });

  if (locating.problem && !locating.ready) return <Failed problem={locating.problem} onRetry={locating.retry} />;
  if (!locating.ready) return <Loading />;
  const src = previewOf(field, picture);
  const absent = field.digest === null;
  return (
    <>
      <p className="locate-counts quiet" role="status">
        {said || locate.counts(ordered.length, open.length)}
        <SentMark className="locate-sent" />
      </p>
      <div className="locate-main">
        <LocateCanvas
          ref={canvas}
          field={field}
          picture={picture}
          boxes={ordered}
          drawn={drawn}
          selected={selected}
          hidden={hidden}
          mayDraw={mayDraw}
          onSelect={choose}
          onLetGo={() => setSelected(undefined)}
          onTap={add}
          onPlace={placed}
          onMenu={onMenu}
        />
        <div className="locate-side">
          {mayDraw ? null : <p className="banner">{absent ? locate.noPhotograph : person ? locate.notYours : locate.signIn}</p>}
          <Tools
            mayDraw={mayDraw}
            chosen={chosen !== undefined}
            open={chosen?.state === "suggested"}
            anyOpen={open.length > 0}
            undoable={locating.undoable}
            redoable={locating.redoable}
            onTool={onTool}
            onHide={setHidden}
          />
          {mayDraw ? (
            <TypePad taxonomy={taxonomy} bindings={bindings} acts={acts} chosen={chosen?.term ?? null} disabled={!chosen} onType={type} onOther={() => onTool("other")} />
          ) : null}
          <Chosen
            held={chosen}
            term={chosen ? name(chosen) : ""}
            empty={ordered.length === 0}
            mayDraw={mayDraw}
            picture={picture}
            removed={mayDraw ? removed.length : 0}
            onRestore={() => change(removed.map(({ box }) => ({ act: "reset", box })))}
            src={src === null || window.innerWidth <= PHONE ? null : fieldPicture(field.id, picture.width)}
          />
        </div>
      </div>
      <TermDialog
        open={terms}
        taxonomy={taxonomy}
        notWhite={false}
        onTerm={(key) => {
          setTerms(false);
          type(key);
        }}
        onClose={() => setTerms(false)}
      />
      <KeysOfLocate open={sheet} onClose={() => setSheet(false)} />
    </>
  );
}
