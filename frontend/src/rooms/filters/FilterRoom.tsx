/** The screen on which a filter is trained: photographs, boxes, what the filter sees, how it does, and its name. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Button, ToggleButton } from "react-aria-components";

import { useGet } from "../../api/resource";
import { grown, moved, put } from "../../canvas/edit";
import { ground } from "../../canvas/ground";
import type { Point, Rectangle } from "../../canvas/viewport";
import { newId } from "../../offline/events";
import { Failed, Loading } from "../../parts/Notice";
import { Trouble } from "../../parts/Told";
import { useWords } from "../../words/words";
import { keptLook } from "../masks/look";
import { type FilterSetup, type FilterTrial, type FilterWish, trialUrl } from "./api";
import { added, asSent, boxed, type Draft, type DraftBox, hasRoom, MOST_FIELDS, placed, recalled, removed, taken, total, undone } from "./draft";
import { type CanvasHandle, FilterCanvas } from "./FilterCanvas";
import { Judged } from "./Judged";
import { useLatest } from "./latest";
import { SaveFilter } from "./SaveFilter";
import { Strip } from "./Strip";
import { useFilterKeys } from "./useFilterKeys";

/** Width of a white cell in diameters of a red one, as most are. */
const WHITE_TO_RED = 2.2;
const STRICTEST = 4;
const SAID_MS = 2500;
const KEYS = [
  ["add", "N"],
  ["remove", "Del"],
  ["undo", "U"],
  ["move", "← ↑ → ↓"],
  ["size", "[ ]"],
  ["photographs", "D F"],
  ["hide", "H"],
  ["zoom", "+ − 0"],
] as const;

const keptAs = ({ smear_id, capture }: FilterSetup): string => `buffycoat.filters.${smear_id}.${capture.id}`;

export function FilterRoom({ setup }: { setup: FilterSetup }) {
  const words = useWords();
  const { filters } = words;
  const [draft, setDraft] = useState<Draft>(() => recalled(sessionStorage.getItem(keptAs(setup))));
  const [shown, setShown] = useState(() => boxed(draft.boxes).find((id) => setup.among.includes(id)) ?? setup.among[0] ?? "");
  const [selected, setSelected] = useState<string>();
  const [strictness, setStrictness] = useState(0);
  const [byDefault, setByDefault] = useState(false);
  const [off, setOff] = useState(false);
  const [held, setHeld] = useState(false);
  const [said, setSaid] = useState("");
  const [usual, setUsual] = useState(0);
  const [look] = useState(keptLook);
  const canvas = useRef<CanvasHandle>(null);
  const { data: view, problem, retry } = useGet("/api/fields/{field_id}", { field_id: shown });
  const there = useGet("/api/fields/{field_id}/locate", { field_id: shown });
  const field = view?.field.id === shown ? view.field : undefined;
  const boxes = draft.boxes[shown] ?? [];
  const any = total(draft.boxes) > 0;

  useEffect(() => {
    try {
      sessionStorage.setItem(keptAs(setup), JSON.stringify(draft.boxes));
    } catch {
      // Only what comes back after loading anew depends on it.
    }
  }, [draft.boxes, setup]);
  useEffect(() => {
    if (!said) return undefined;
    const timer = setTimeout(() => setSaid(""), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);

  const own: FilterWish = useMemo(
    () => ({ smear_id: setup.smear_id, capture_id: setup.capture.id, fields: asSent(draft.boxes), strictness, shown: null }),
    [setup, draft.boxes, strictness],
  );
  const wish: FilterWish = any && !byDefault ? { ...own, shown } : { ...own, fields: [], strictness: 0, shown };
  const trial = useLatest<FilterWish, FilterTrial>(trialUrl, wish);
  const sight = trial.answer?.sight?.field_id === shown ? trial.answer.sight : undefined;

  const picture = field ? ground(field, []) : { width: 0, height: 0 };
  const change = (how: (before: Draft) => Draft) => {
    setDraft(how);
    setByDefault(false);
  };
  const add = (at: Point) => {
    if (!field) return;
    if (!hasRoom(draft.boxes, shown)) {
      setSaid(filters.tooMany(MOST_FIELDS));
      return;
    }
    const box = newId();
    const place = put(at, usual || Math.round(WHITE_TO_RED * (setup.red_cell_px ?? picture.width / 20)), picture);
    change((before) => added(before, shown, { box, place }));
    setSelected(box);
    canvas.current?.reveal(place);
  };
  const onPlace = (box: string, place: Rectangle) => {
    setUsual(Math.max(place.right - place.left, place.bottom - place.top));
    change((before) => placed(before, shown, box, place));
  };
  const onRemove = () => {
    if (selected === undefined) return;
    change((before) => removed(before, shown, selected));
    setSelected(undefined);
  };
  const chosen = boxes.find(({ box }) => box === selected);
  const visit = useCallback((id: string) => {
    setShown(id);
    setSelected(undefined);
  }, []);
  const offered: DraftBox[] = (there.data?.field_id === shown ? there.data.boxes : [])
    .filter(({ state }) => state !== "removed")
    .map(({ box, place }) => ({ box, place }));
  const takeable = field ? taken(draft, shown, offered, picture) !== draft : false;
  const hide = useCallback((hidden: boolean) => setHeld(hidden), []);
  const addInMiddle = () => {
    const at = canvas.current?.middle();
    if (at) add(at);
  };
  const undo = () => {
    setSelected(undefined);
    setDraft(undone);
  };
  useFilterKeys({
    onAdd: addInMiddle,
    onRemove,
    onUndo: undo,
    onGrow: (by) => chosen && onPlace(chosen.box, grown(chosen.place, by, picture)),
    onNudge: (dx, dy) => {
      if (!chosen) return false;
      onPlace(chosen.box, moved(chosen.place, { x: dx, y: dy }, picture));
      return true;
    },
    onStep: (by) => {
      const next = setup.among[setup.among.indexOf(shown) + by];
      if (next) visit(next);
    },
    onHide: hide,
    onZoom: (how) => (how === "fit" ? canvas.current?.fit() : how === "in" ? canvas.current?.zoomIn() : canvas.current?.zoomOut()),
    onCancel: () => canvas.current?.cancel() || setSelected(undefined),
  });

  const count = boxed(draft.boxes).length;
  return (
    <>
      <p className="filter-counts quiet" role="status">
        <span>{said || (any ? filters.counts(total(draft.boxes), count) : filters.noBoxes)}</span>
        {sight ? <span data-part="sees">{trial.answer?.filter.default ? filters.defaultSees(sight.found.length) : filters.sees(sight.found.length)}</span> : null}
      </p>
      <div className="filter-main">
        <div className="filter-left">
          {problem ? (
            <Failed problem={problem} onRetry={retry} />
          ) : field ? (
            <FilterCanvas
              key={shown}
              ref={canvas}
              field={field}
              picture={picture}
              boxes={boxes}
              selected={selected}
              sight={sight}
              began={trial.began}
              look={look}
              hidden={off || held}
              onSelect={setSelected}
              onTap={add}
              onPlace={onPlace}
            />
          ) : (
            <div className="canvas-frame filter-frame">
              <Loading />
            </div>
          )}
          <Strip fields={setup.among} total={setup.fields} boxes={draft.boxes} shown={shown} onShow={visit} />
        </div>
        <div className="filter-side">
          <p className="quiet">{filters.boxAll}</p>
          <div className="filter-tools" role="toolbar" aria-label={filters.tools}>
            <Button className="button" onPress={addInMiddle} aria-keyshortcuts="n">
              {filters.add} <kbd>N</kbd>
            </Button>
            <Button className="button" onPress={onRemove} isDisabled={!chosen} aria-keyshortcuts="Delete">
              {filters.remove} <kbd>Del</kbd>
            </Button>
            <Button className="button" onPress={undo} isDisabled={draft.past.length === 0} aria-keyshortcuts="u">
              {filters.undo} <kbd>U</kbd>
            </Button>
            <Button
              className="button"
              isDisabled={!takeable || !hasRoom(draft.boxes, shown)}
              onPress={() => change((before) => taken(before, shown, offered, picture))}
            >
              {filters.take(offered.length)}
            </Button>
          </div>
          <section className="filter-seen" aria-label={filters.overlay}>
            <h2>{filters.overlay}</h2>
            <div className="filter-tools" role="group" aria-label={filters.whose}>
              <ToggleButton className="button" isSelected={any && !byDefault} isDisabled={!any} onChange={() => setByDefault(false)}>
                {filters.own}
              </ToggleButton>
              <ToggleButton className="button" isSelected={!any || byDefault} onChange={() => setByDefault(true)}>
                {filters.default}
              </ToggleButton>
              <ToggleButton className="button" isSelected={off} onChange={setOff} aria-keyshortcuts="h">
                {filters.hide} <kbd>H</kbd>
              </ToggleButton>
            </div>
            <label className="filter-strictness">
              {filters.strictness}
              <span dir="ltr">
                <input
                  type="range"
                  min={-STRICTEST}
                  max={STRICTEST}
                  step={0.5}
                  value={strictness}
                  disabled={!any || byDefault}
                  aria-valuetext={filters.strict(strictness)}
                  onChange={(event) => setStrictness(event.currentTarget.valueAsNumber)}
                />
              </span>
              <span className="quiet">{filters.strict(strictness)}</span>
            </label>
            <ul className="filter-legend quiet">
              <li className="pixels">{filters.pixels}</li>
              <li className="found">{filters.found}</li>
              <li className="drawn">{filters.drawn}</li>
            </ul>
            {trial.problem ? <Trouble problem={trial.problem} /> : null}
          </section>
          <Judged wish={own} boxes={total(draft.boxes)} fields={count} />
          <SaveFilter setup={setup} wish={own} ready={any && trial.current && !trial.problem} />
          <details className="filter-keys">
            <summary>{filters.keys}</summary>
            <dl>
              {KEYS.map(([name, keys]) => (
                <div key={name} className="filter-key">
                  <dt>
                    <kbd dir="ltr">{keys}</kbd>
                  </dt>
                  <dd>{filters.keyNames[name]}</dd>
                </div>
              ))}
            </dl>
          </details>
        </div>
      </div>
    </>
  );
}
