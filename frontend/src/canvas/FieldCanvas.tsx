/** A photograph to zoom and pan, with the boxes of its cells. Give it the field's id as key: it starts anew with each. */
import { useEffect, useRef, useState } from "react";
import { Button, ToggleButton } from "react-aria-components";

import type { CellView, FieldView } from "../api/client";
import { useKeys } from "../keys/useKeys";
import { KeptMark } from "../parts/KeptMark";
import { useWords } from "../words/words";
import { Boxes } from "./Boxes";
import { ground } from "./ground";
import { Photo } from "./Photo";
import { useViewport } from "./useViewport";

export interface FieldCanvasProps {
  field: FieldView["field"];
  cells: readonly CellView[];
  selected: string | undefined;
  hovered: string | undefined;
  onHover: (id: string | undefined) => void;
  onSelect: (id: string) => void;
}

export function FieldCanvas({ field, cells, selected, hovered, onHover, onSelect }: FieldCanvasProps) {
  const words = useWords();
  const frame = useRef<HTMLDivElement>(null);
  const size = ground(field, cells);
  const viewport = useViewport(frame, size);
  const { view, show, reveal } = viewport;
  const [shape, setShape] = useState<"extent" | "box">("extent");
  const [off, setOff] = useState(false);
  const [held, setHeld] = useState(false);

  const turn = () => setShape((now) => (now === "extent" ? "box" : "extent"));
  useKeys(
    {
      "=+": viewport.zoomIn,
      "==": viewport.zoomIn,
      NumpadAdd: viewport.zoomIn,
      "=-": viewport.zoomOut,
      NumpadSubtract: viewport.zoomOut,
      Digit0: viewport.fit,
      Numpad0: viewport.fit,
      KeyB: turn,
      KeyH: () => setHeld(true),
    },
    { up: { KeyH: () => setHeld(false) } },
  );
  useEffect(() => {
    const letGo = () => setHeld(false);
    window.addEventListener("blur", letGo);
    return () => window.removeEventListener("blur", letGo);
  }, []);

  // The cell that the address names is zoomed to when the photograph opens; later ones are only brought into sight.
  const arrived = useRef(false);
  const box = cells.find((each) => each.cell.id === selected)?.cell.box;
  const ready = view !== undefined && cells.length > 0;
  useEffect(() => {
    if (!ready) return;
    if (box && arrived.current) reveal(box);
    else if (box) show(box);
    arrived.current = true;
  }, [ready, box, show, reveal]);

  return (
    <div className="canvas">
      <div
        ref={frame}
        className={viewport.dragging ? "canvas-frame dragging" : "canvas-frame"}
        role="group"
        aria-label={words.field.canvas}
        {...viewport.handlers}
      >
        {view ? (
          <>
            <Photo field={field} size={size} view={view} />
            <Boxes
              cells={cells}
              view={view}
              shape={shape}
              hidden={off || held}
              active={hovered ?? selected}
              onHover={onHover}
              onSelect={onSelect}
              onOpen={(id) => {
                const cell = cells.find((each) => each.cell.id === id)?.cell;
                if (cell) show(cell.box);
                onSelect(id);
              }}
              dragged={viewport.dragged}
            />
          </>
        ) : null}
      </div>
      <div className="canvas-tools" role="toolbar" aria-label={words.field.canvas}>
        <Button className="button" onPress={viewport.zoomOut} aria-label={words.field.zoomOut} aria-keyshortcuts="-">
          −
        </Button>
        <span className="zoom-value" aria-live="off">
          {view ? words.zoom(view.k) : ""}
        </span>
        <Button className="button" onPress={viewport.zoomIn} aria-label={words.field.zoomIn} aria-keyshortcuts="+">
          +
        </Button>
        <Button className="button" onPress={viewport.fit} aria-keyshortcuts="0">
          {words.field.fit} <kbd>0</kbd>
        </Button>
        <ToggleButton className="button" isSelected={shape === "box"} onChange={turn} aria-keyshortcuts="b">
          {words.field.crops} <kbd>B</kbd>
        </ToggleButton>
        <ToggleButton className="button" isSelected={off} onChange={setOff} aria-keyshortcuts="h">
          {words.field.hide} <kbd>H</kbd>
        </ToggleButton>
        <span className="legend">
          <KeptMark kept />
          <KeptMark kept={false} />
        </span>
      </div>
    </div>
  );
}
