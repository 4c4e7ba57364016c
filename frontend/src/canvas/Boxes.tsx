/** Boxes over a photograph. Kept and repeat differ in colour and in line; a light line below keeps both visible. */
import type { FocusEvent, KeyboardEvent, PointerEvent } from "react";

import type { CellView } from "../api/client";
import { useWords } from "../words/words";
import { project, type View } from "./viewport";

const SMALLEST_TARGET = 44;

export interface BoxesProps {
  cells: readonly CellView[];
  view: View;
  shape: "extent" | "box";
  hidden: boolean;
  active: string | undefined;
  onHover: (id: string | undefined) => void;
  onSelect: (id: string) => void;
  onOpen: (id: string) => void;
  /** Whether the press that ended was a drag of the picture. */
  dragged: () => boolean;
}

/** Whether the pointer itself moved; a page that opens under a resting one has pointed at nothing. */
function moved(event: PointerEvent<SVGGElement>): boolean {
  return event.movementX !== 0 || event.movementY !== 0;
}

/** Move the focus to the box before or after the one that holds it. */
function step(event: KeyboardEvent<SVGGElement>, by: 1 | -1): void {
  const next = by === 1 ? event.currentTarget.nextElementSibling : event.currentTarget.previousElementSibling;
  if (next instanceof SVGGElement) next.focus();
  event.preventDefault();
  event.stopPropagation();
}

export function Boxes({ cells, view, shape, hidden, active, onHover, onSelect, onOpen, dragged }: BoxesProps) {
  const words = useWords();
  const onKeyDown = (event: KeyboardEvent<SVGGElement>, id: string) => {
    if (event.key === "ArrowRight" || event.key === "ArrowDown") step(event, 1);
    else if (event.key === "ArrowLeft" || event.key === "ArrowUp") step(event, -1);
    else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      onOpen(id);
    }
  };
  return (
    <svg className={hidden ? "boxes hidden" : "boxes"} role="group" aria-label={words.field.boxes}>
      {cells.map((each, index) => {
        const { cell } = each;
        const { left, top, right, bottom } = project(cell[shape], view);
        const widen = Math.max(0, SMALLEST_TARGET - Math.min(right - left, bottom - top)) / 2;
        const chosen = cell.id === active;
        const place = { x: left, y: top, width: right - left, height: bottom - top };
        const other = chosen ? project(cell[shape === "extent" ? "box" : "extent"], view) : undefined;
        return (
          <g
            key={cell.id}
            role="button"
            tabIndex={0}
            aria-label={words.field.box(index + 1, cells.length, each.kept)}
            aria-pressed={chosen}
            data-cell={cell.id}
            className={`${each.kept ? "kept" : "repeat"}${chosen ? " chosen" : ""}`}
            onPointerMove={(event) => event.pointerType !== "touch" && moved(event) && onHover(cell.id)}
            onPointerLeave={() => onHover(undefined)}
            onFocus={(event: FocusEvent<SVGGElement>) => event.currentTarget.matches(":focus-visible") && onSelect(cell.id)}
            onClick={() => dragged() || onSelect(cell.id)}
            onDoubleClick={() => onOpen(cell.id)}
            onKeyDown={(event) => onKeyDown(event, cell.id)}
          >
            <rect
              className="target"
              x={left - widen}
              y={top - widen}
              width={right - left + 2 * widen}
              height={bottom - top + 2 * widen}
            />
            {other ? (
              <rect className="other" x={other.left} y={other.top} width={other.right - other.left} height={other.bottom - other.top} />
            ) : null}
            <rect className="halo" {...place} />
            <rect className="line" {...place} />
          </g>
        );
      })}
    </svg>
  );
}
