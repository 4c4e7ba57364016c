/** The masks screen of one cell: the crop under the pen, the threshold, the tools, and what every key does. */
import { useCallback, useEffect, useRef, useState } from "react";

import type { Person } from "../../api/people";
import type { Bindings } from "../../keys/bindings";
import { newId, newMoment } from "../../offline/events";
import { theQueue } from "../../offline/useQueue";
import { useWords } from "../../words/words";
import { termName } from "../cells/terms";
import { pressed } from "../label/touch";
import type { LoadedCell, MaskGiven, WhyFailed } from "./api";
import { begin, written } from "./edit";
import { maskEvent } from "./events";
import { keepKeys, keptKeys, keyOf, usualKeys } from "./keys";
import { keptLook, LOOK } from "./look";
import { type CanvasHandle, MaskCanvas } from "./MaskCanvas";
import { Comparison, FailedSheet, KeysOfMasks } from "./MaskSheets";
import { MaskTools } from "./MaskTools";
import { type Look, PALETTES, type Palette } from "./paint";
import { count, runLengths } from "./pixels";
import { fine, type PartName, type Stroke } from "./strokes";
import { Threshold } from "./Threshold";
import { type Act, useMaskKeys } from "./useMaskKeys";
import { useMaskEdit } from "./useMaskEdit";
import type { Pen } from "./usePen";

const SAID_MS = 4000;
const SLIDE_MS = 600;
const RADII = [1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32] as const;
const WIDE = "(min-width: 75rem)";

export interface MaskRoomProps {
  cell: LoadedCell;
  person: Person;
  comparable: boolean;
  /** The cell is done with: kept, or failed. */
  onKept: (cell: string, failed: boolean) => void;
  onNext: () => void;
  onPrevious: () => void;
  /** What the service told of the cell holds no more. */
  onStale: (cell: string) => void;
}

export function MaskRoom({ cell, person, comparable, onKept, onNext, onPrevious, onStale }: MaskRoomProps) {
  const words = useWords();
  const { masks: said } = words;
  const { start, extent, channel } = cell;
  const work = useMaskEdit(cell, person.id);
  const { edit, masks, level } = work;
  const parts = start.parts as readonly PartName[];
  const wholeOnly = !parts.includes("nucleus");
  const [part, setPart] = useState<PartName>(wholeOnly ? "cell" : "nucleus");
  const [tool, setTool] = useState<Pen["tool"]>("brush");
  const [width, setWidth] = useState(4);
  const [draft, setDraft] = useState<Stroke>();
  const [hidden, setHidden] = useState(false);
  const [beside, setBeside] = useState(() => window.matchMedia(WIDE).matches);
  const [look, setLook] = useState<Look>(keptLook);
  const [sheet, setSheet] = useState<"keys" | "failed" | "compare">();
  const [told, setTold] = useState("");
  const [sealed, setSealed] = useState(start.sealed);
  const canvas = useRef<CanvasHandle>(null);
  const [bindings, setBindings] = useState<Bindings>(keptKeys);
  const [off, setOff] = useState(() => localStorage.getItem(LOCK) !== null);
  const moving = useRef(false);
  const slid = useRef(Number.NEGATIVE_INFINITY);
  const radius = RADII[width] ?? 4;

  useEffect(() => {
    if (!told) return undefined;
    const timer = setTimeout(() => setTold(""), SAID_MS);
    return () => clearTimeout(timer);
  }, [told]);
  useEffect(() => {
    try {
      localStorage.setItem(LOOK, JSON.stringify(look));
    } catch {
      // Only the colors of the next visit depend on it.
    }
  }, [look]);

  const setLevel = (wanted: number, same: boolean) => {
    if (wholeOnly || sealed) return;
    const next = Math.min(255, Math.max(0, Math.round(wanted)));
    const now = performance.now();
    // A drag is one step back; a pause, or another kind of change in between, begins a new one.
    const goesOn = same && edit.nucleus.from === "threshold" && now - slid.current < SLIDE_MS;
    slid.current = same ? now : Number.NEGATIVE_INFINITY;
    work.change({ ...edit, nucleus: { from: "threshold", level: next } }, goesOn);
  };
  const send = (given: Pick<MaskGiven, "nucleus" | "cell_mask" | "failure">) => {
    const event: MaskGiven = {
      ...given,
      event: newId(),
      cell: start.cell_id,
      given_at: newMoment(),
      method: work.method,
      threshold: !wholeOnly && edit.nucleus.from === "threshold" ? edit.nucleus.level : null,
      strokes: edit.strokes.length > 0 || edit.nucleus.from === "threshold" ? written(edit) : "",
      seconds: Math.round(work.seconds() * 10) / 10,
    };
    void theQueue().give([maskEvent(event, { person: person.id, handle: person.handle })]);
    work.settle();
    onKept(start.cell_id, given.failure !== null);
  };
  const keep = () => {
    if (sealed) setTold(said.sealed);
    else if (!wholeOnly && count(masks.nucleus) === 0) setTold(said.noNucleus(keyOf(bindings, "failed")));
    else if (count(masks.cell) === 0) setTold(said.noCell(keyOf(bindings, "cell"), keyOf(bindings, "outline"), keyOf(bindings, "failed")));
    else if (work.leaving > 0) setTold(said.leaves(keyOf(bindings, "trim"), keyOf(bindings, "grow")));
    else send({ nucleus: wholeOnly ? null : runLengths(masks.nucleus), cell_mask: runLengths(masks.cell), failure: null });
  };
  const failed = (reason: WhyFailed, nucleusOnly: boolean) => {
    setSheet(undefined);
    send({ nucleus: null, cell_mask: nucleusOnly ? runLengths(masks.cell) : null, failure: reason });
  };
  const stroke = useCallback(
    (each: Stroke) => {
      setDraft(undefined);
      if (!sealed) work.stroke(each);
    },
    [sealed, work.stroke],
  );
  const at = (name: "trim" | "grow") => !wholeOnly && stroke({ part: name === "trim" ? "nucleus" : "cell", tool: name, size: 0, path: [] });
  const locks = off && cell.beside !== undefined;
  const lock = () => {
    if (off) localStorage.removeItem(LOCK);
    else localStorage.setItem(LOCK, "1");
    setOff(!off);
    setTold(off ? said.unlocked : cell.beside ? said.locked : said.noLock);
  };
  const smooth = () => void (sealed || stroke({ part, tool: "smooth", size: fine(radius), path: [], ...(locks ? { off: true } : {}) }));
  const done: Partial<Record<Act, () => void>> = {
    keep,
    next: onNext,
    previous: onPrevious,
    failed: () => (sealed ? setTold(said.sealed) : setSheet("failed")),
    undo: () => work.undo() || setTold(said.nothingToUndo),
    redo: () => void work.redo(),
    brush: () => setTool("brush"),
    erase: () => setTool("erase"),
    outline: () => setTool("outline"),
    toggle: () => setTool("toggle"),
    nucleus: () => !wholeOnly && setPart("nucleus"),
    cell: () => setPart("cell"),
    trim: () => void at("trim"),
    grow: () => void at("grow"),
    lock,
    smooth,
    draft: () => sealed || work.change(begin({ draft: cell.drafted, own: {} }, level)),
    smaller: () => setWidth((now) => Math.max(0, now - 1)),
    larger: () => setWidth((now) => Math.min(RADII.length - 1, now + 1)),
    zoom: () => canvas.current?.zoomIn(),
    zoomOut: () => canvas.current?.zoomOut(),
    fit: () => canvas.current?.fit(),
    beside: () => setBeside((now) => !now),
    sheet: () => setSheet("keys"),
    cancel: () => setDraft(undefined),
  };
  const act = (name: Act) => done[name]?.();
  useMaskKeys({ bindings, onAct: act, onStep: (by) => setLevel(level + by, false), onHide: setHidden, onMoving: (now) => (moving.current = now) });

  const area = (pixels: number) => said.pixels(pixels);
  const inNucleus = wholeOnly ? 0 : count(masks.nucleus);
  const inCell = count(masks.cell);
  const { failure } = cell.draft;
  return (
    <div className="mask-main">
      <MaskCanvas
        ref={canvas}
        cell={cell}
        masks={wholeOnly ? { ...masks, nucleus: NOTHING(masks.nucleus.length) } : masks}
        took={work.took}
        draft={draft}
        look={look}
        hidden={hidden}
        beside={beside}
        part={part}
        tool={tool}
        size={tool === "toggle" ? level : radius}
        moving={moving}
        off={locks}
        enabled={!sealed}
        onDraft={setDraft}
        onStroke={stroke}
      />
      <div className="mask-side">
        <div className="mask-say" role="status">
          {told ? <p className="banner">{told}</p> : null}
          {sealed ? <p className="banner">{said.sealed}</p> : null}
          {wholeOnly ? <p className="banner calm">{said.basophil(termName(start.term ?? "basophil", undefined, words))}</p> : null}
          {failure && !start.own ? <p className="banner">{cell.draft.cell ? said.doubtful : said.noDraft}</p> : null}
          {work.leaving > 0 && inCell > 0 && !sealed ? (
            <div className="banner mask-leaving">
              <span>{said.leaving(work.leaving)}</span>
              <button type="button" className="button" title={keyOf(bindings, "trim")} {...pressed(() => act("trim"))}>
                {said.trim}
              </button>
              <button type="button" className="button" title={keyOf(bindings, "grow")} {...pressed(() => act("grow"))}>
                {said.grow}
              </button>
            </div>
          ) : null}
        </div>
        <MaskTools
          parts={parts}
          part={part}
          tool={tool}
          radius={radius}
          undoable={work.undoable}
          redoable={work.redoable}
          drafted={cell.drafted.cell !== undefined}
          locks={cell.beside === undefined ? undefined : locks}
          bindings={bindings}
          beside={beside}
          disabled={sealed}
          onAct={act}
          onHide={setHidden}
        />
        {wholeOnly ? null : (
          <Threshold start={start} channel={channel} edit={edit} level={level} disabled={sealed} onLevel={setLevel} onChange={(next) => work.change(next)} />
        )}
        <div className="mask-keep">
          <button type="button" className="button strong" disabled={sealed} aria-keyshortcuts="Enter" {...pressed(keep)}>
            {said.keepNext} <kbd>↵</kbd>
          </button>
          <button type="button" className="button" disabled={sealed} {...pressed(() => act("failed"))}>
            {said.failed} <kbd>{keyOf(bindings, "failed")}</kbd>
          </button>
          {comparable || sealed ? (
            <button type="button" className="button" {...pressed(() => setSheet("compare"))}>
              {said.compare}
            </button>
          ) : null}
        </div>
        <dl className="mask-areas" data-nucleus={inNucleus} data-cell={inCell} data-method={work.method} data-strokes={edit.strokes.length}>
          {wholeOnly ? null : <Area kind="nucleus" name={said.nucleus} value={area(inNucleus)} />}
          {wholeOnly ? null : <Area kind="cytoplasm" name={said.cytoplasm} value={area(Math.max(0, inCell + work.leaving - inNucleus))} />}
          <Area kind="cell" name={said.cell} value={area(inCell)} />
        </dl>
        <details className="mask-more">
          <summary>{said.look}</summary>
          <div className="mask-choices" role="group" aria-label={said.colors}>
            {(Object.keys(PALETTES) as Palette[]).map((each) => (
              <button key={each} type="button" className="tool" aria-pressed={look.palette === each} {...pressed(() => setLook({ ...look, palette: each }))}>
                {said.palette[each]}
              </button>
            ))}
          </div>
          <label className="mask-check">
            <input type="checkbox" checked={look.veil} onChange={() => setLook({ ...look, veil: !look.veil })} />
            {said.veil}
          </label>
          <label className="mask-check">
            <input type="checkbox" checked={look.pattern} onChange={() => setLook({ ...look, pattern: !look.pattern })} />
            {said.pattern}
          </label>
          <p className="quiet">{said.size(extent.width, extent.height)}</p>
        </details>
      </div>
      <FailedSheet open={sheet === "failed"} cellDrawn={!wholeOnly && inCell > 0} onFailed={failed} onClose={() => setSheet(undefined)} />
      <KeysOfMasks
        open={sheet === "keys"}
        bindings={bindings}
        onChange={(next) => {
          keepKeys(next);
          setBindings(next ?? usualKeys);
        }}
        onClose={() => setSheet(undefined)}
      />
      <Comparison
        cell={start.cell_id}
        open={sheet === "compare"}
        onClose={() => setSheet(undefined)}
        onTold={() => {
          setSealed(true);
          onStale(start.cell_id);
        }}
      />
    </div>
  );
}

/** There while strokes stay off other cells. */
const LOCK = "buffycoat.masks.lock";
let nothing = new Uint8Array(0);
const NOTHING = (length: number): Uint8Array => (nothing.length === length ? nothing : (nothing = new Uint8Array(length)));

function Area({ kind, name, value }: { kind: string; name: string; value: string }) {
  return (
    <div className={kind}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
