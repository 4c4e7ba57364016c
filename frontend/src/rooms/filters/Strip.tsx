/** Photographs of the set-up in a row, to go to; those with boxes say how many. */
import { useEffect, useRef } from "react";

import { fieldPicture } from "../../api/client";
import { useWords } from "../../words/words";
import type { Boxes } from "./draft";

const THUMB = 160;

export interface StripProps {
  fields: readonly string[];
  total: number;
  boxes: Boxes;
  shown: string;
  onShow: (field: string) => void;
}

export function Strip({ fields, total, boxes, shown, onShow }: StripProps) {
  const { filters, number } = useWords();
  const row = useRef<HTMLUListElement>(null);
  useEffect(() => {
    const chosen = row.current?.querySelector<HTMLElement>("[aria-current=true]");
    // Not in old browsers, nor where nothing is laid out.
    chosen?.scrollIntoView?.({ block: "nearest", inline: "nearest" });
  }, [shown]);
  return (
    <div className="filter-strip">
      <ul ref={row} aria-label={filters.photographs}>
        {fields.map((id, index) => {
          const many = boxes[id]?.length ?? 0;
          return (
            <li key={id}>
              <button
                type="button"
                aria-current={id === shown}
                aria-label={filters.photograph(index + 1, fields.length, many)}
                data-field={id}
                onClick={() => onShow(id)}
              >
                <img src={fieldPicture(id, THUMB)} alt="" loading="lazy" draggable={false} />
                {many > 0 ? <b aria-hidden="true">{number(many)}</b> : null}
              </button>
            </li>
          );
        })}
      </ul>
      {total > fields.length ? <p className="quiet">{filters.spread(fields.length, total)}</p> : null}
    </div>
  );
}
