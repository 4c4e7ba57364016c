/** How one sorted cell looks: its picture, and in a corner what stands in words in its name. */
import { useCallback, useState } from "react";

import { cellPicture } from "../../../api/client";
import type { TileFace } from "../../../grid/SectionGrid";
import type { Words } from "../../../words/en";
import type { Board, Seen } from "./board";

/** A picture without any state but whether it is missing: hundreds come and go while a page is scrolled. */
function Crop({ cell, side }: { cell: string; side: number }) {
  const [missing, setMissing] = useState(false);
  if (missing) return <span className="crop-missing" />;
  return <img className="crop" src={cellPicture(cell, side)} alt="" decoding="async" draggable={false} onError={() => setMissing(true)} />;
}

const Tick = () => (
  <svg className="tile-mark own" viewBox="0 0 24 24" aria-hidden="true">
    <circle cx="12" cy="12" r="11" />
    <path d="m7 12.500 3.500 3.500L17 8.500" />
  </svg>
);
const Lock = () => (
  <svg className="tile-mark locked" viewBox="0 0 24 24" aria-hidden="true">
    <circle cx="12" cy="12" r="11" />
    <path d="M8 11h8v6H8zM9.500 11V9a2.500 2.500 0 0 1 5 0v2" />
  </svg>
);

/** Whether a cell's picture is on the screen: nobody names a cell that is not yet to be seen. */
export function isSeen(cell: string): boolean {
  const picture = document.querySelector<HTMLImageElement>(`[data-cell="${cell}"] img`);
  return picture !== null && picture.complete && picture.naturalWidth > 0;
}

export function useFaces(board: Board | undefined, seen: Seen | undefined, side: number, words: Words, nameOf: (key: string) => string): (cell: string) => TileFace {
  return useCallback(
    (cell: string): TileFace => {
      const tile = seen && board?.at(cell);
      if (!tile) return { className: "sort-tile", name: "", content: null, disabled: true };
      const { sorting } = words;
      const said = [
        nameOf(tile.at),
        tile.mine ? sorting.own : "",
        tile.repeat ? words.cell.repeat : "",
        tile.held ? sorting.held : "",
        tile.bare ? words.state.noPhotograph : "",
      ];
      return {
        className: `sort-tile${tile.repeat ? " repeat" : ""}${tile.held ? " held" : ""}`,
        name: sorting.tile(tile.order + 1, said.filter(Boolean).join(", ")),
        disabled: tile.held || tile.bare,
        content: (
          <>
            {tile.bare ? <span className="crop-missing">{words.state.noPhotograph}</span> : <Crop key={cell} cell={cell} side={side} />}
            {tile.mine ? <Tick /> : null}
            {tile.held ? <Lock /> : null}
          </>
        ),
      };
    },
    [board, seen, side, words, nameOf],
  );
}
