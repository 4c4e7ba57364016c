/** What follows the pointer: the cells that are carried, and the frame or loop that is drawn. */
import type { RefObject } from "react";

import { cellPicture } from "../../../api/client";
import type { Point } from "../../../grid/sections";
import { useWords } from "../../../words/words";

export function Carried({ ref, cells, side }: { ref: RefObject<HTMLDivElement | null>; cells: readonly string[]; side: number }) {
  const words = useWords();
  return (
    <div ref={ref} className={cells.length > 0 ? "carried" : "carried none"} aria-hidden="true">
      {cells.slice(0, 3).map((cell) => (
        <img key={cell} src={cellPicture(cell, side)} alt="" draggable={false} />
      ))}
      {cells.length > 1 ? <span className="carried-count">{words.number(cells.length)}</span> : null}
    </div>
  );
}

export function Stroke({ points, loop }: { points: readonly Point[]; loop: boolean }) {
  const [a, b] = points;
  if (!a || !b) return null;
  const corners = loop ? points : [a, { x: b.x, y: a.y }, b, { x: a.x, y: b.y }];
  return (
    <svg className="stroke" aria-hidden="true">
      <polygon points={corners.map(({ x, y }) => `${x},${y}`).join(" ")} />
    </svg>
  );
}
