/** Boxes that can be changed: each a button for keyboard and screen reader, the chosen one with its eight handles. */
import { type FocusEvent, useEffect, useRef } from "react";

import { HANDLES, handleAt } from "./edit";
import { project, type Rectangle, type View } from "./viewport";

const SMALLEST_TARGET = 44;
/** Handles are smaller on boxes that are small on the screen, so that the cell is seen. */
const handleSide = ({ left, top, right, bottom }: Rectangle): number => Math.max(5, Math.min(10, (right - left) / 5, (bottom - top) / 5));

export interface Editable {
  box: string;
  place: Rectangle;
  /** How it is drawn: the lines differ in form, not in color alone. */
  look: "suggested" | "accepted" | "moved" | "drawn" | "removed";
  /** What a screen reader calls it. */
  name: string;
  /** A word or sign at the box, such as its class. */
  tag: string;
}

export interface EditBoxesProps {
  name: string;
  boxes: readonly Editable[];
  view: View;
  hidden: boolean;
  selected: string | undefined;
  handles: boolean;
  onSelect: (box: string) => void;
}

export function EditBoxes({ name, boxes, view, hidden, selected, handles, onSelect }: EditBoxesProps) {
  const svg = useRef<SVGSVGElement>(null);
  // Whoever chose a box by hand goes on from there with the keyboard.
  useEffect(() => {
    const chosen = selected === undefined ? null : svg.current?.querySelector<SVGGElement>(`[data-box="${CSS.escape(selected)}"]`);
    const { activeElement } = document;
    const free = activeElement === document.body || activeElement === null || svg.current?.contains(activeElement);
    if (chosen && chosen !== activeElement && free) chosen.focus({ preventScroll: true });
  }, [selected]);
  const chosen = boxes.find(({ box }) => box === selected);
  const place = chosen && project(chosen.place, view);
  const side = place ? handleSide(place) : 0;
  return (
    <svg ref={svg} className={hidden ? "boxes edit-boxes hidden" : "boxes edit-boxes"} role="group" aria-label={name}>
      {boxes.map((each) => {
        const { left, top, right, bottom } = project(each.place, view);
        const widen = Math.max(0, SMALLEST_TARGET - Math.min(right - left, bottom - top)) / 2;
        const at = { x: left, y: top, width: right - left, height: bottom - top };
        return (
          <g
            key={each.box}
            role="button"
            tabIndex={0}
            aria-label={each.name}
            aria-pressed={each.box === selected}
            data-box={each.box}
            className={`${each.look}${each.box === selected ? " chosen" : ""}`}
            onFocus={(event: FocusEvent<SVGGElement>) => event.currentTarget.matches(":focus-visible") && onSelect(each.box)}
            onClick={(event) => event.detail === 0 && onSelect(each.box)}
          >
            <rect className="target" x={left - widen} y={top - widen} width={at.width + 2 * widen} height={at.height + 2 * widen} />
            <rect className="halo" {...at} />
            <rect className="line" {...at} />
          </g>
        );
      })}
      <g aria-hidden="true">
        {boxes.map(({ box, place: at, tag }) => {
          const { left, top, bottom } = project(at, view);
          return tag ? (
            <text key={box} className="tag" x={left + 4} y={top > 18 ? top - 6 : bottom + 16}>
              {tag}
            </text>
          ) : null;
        })}
      </g>
      {place && handles
        ? HANDLES.map((handle) => {
            const { x, y } = handleAt(place, handle);
            return <rect key={`${handle.x}${handle.y}`} className="handle" x={x - side / 2} y={y - side / 2} width={side} height={side} />;
          })
        : null}
    </svg>
  );
}
