/** The photograph under the hand: boxes that can be put, moved and resized, and over it what the filter sees. */
import { useImperativeHandle, useRef, type Ref } from "react";

import { fieldPicture, type FieldView } from "../../api/client";
import { EditBoxes, type Editable } from "../../canvas/EditBoxes";
import { Loupe } from "../../canvas/Glass";
import { Photo, PREVIEW, previewOf } from "../../canvas/Photo";
import { useBoxHands } from "../../canvas/useBoxHands";
import { useViewport } from "../../canvas/useViewport";
import type { Point, Rectangle, Size } from "../../canvas/viewport";
import { useWords } from "../../words/words";
import type { Look } from "../masks/paint";
import type { FilterSight } from "./api";
import type { DraftBox } from "./draft";
import { Overlay } from "./Overlay";

export interface CanvasHandle {
  zoomIn: () => void;
  zoomOut: () => void;
  fit: () => void;
  /** The middle of what is seen, in pixels of the picture. */
  middle: () => Point | undefined;
  reveal: (place: Rectangle) => void;
  /** Let go what is under the hand; whether there was something. */
  cancel: () => boolean;
}

export interface FilterCanvasProps {
  ref: Ref<CanvasHandle>;
  field: FieldView["field"];
  picture: Size;
  boxes: readonly DraftBox[];
  selected: string | undefined;
  sight: FilterSight | undefined;
  began: number;
  look: Look;
  hidden: boolean;
  onSelect: (box: string | undefined) => void;
  onTap: (at: Point) => void;
  onPlace: (box: string, place: Rectangle) => void;
}

export function FilterCanvas(props: FilterCanvasProps) {
  const { ref, field, picture, boxes, selected, sight, began, look, hidden, onSelect, onTap, onPlace } = props;
  const { filters, field: words } = useWords();
  const frame = useRef<HTMLDivElement>(null);
  const viewport = useViewport(frame, picture);
  const { view } = viewport;
  const hands = useBoxHands({
    frame,
    viewport,
    picture,
    boxes,
    selected,
    mayDraw: true,
    onSelect,
    onLetGo: () => onSelect(undefined),
    onTap,
    onPlace: ({ box, place }) => onPlace(box, place),
    onMenu: (box) => onSelect(box),
  });
  const { draft } = hands;
  useImperativeHandle(ref, () => ({
    zoomIn: viewport.zoomIn,
    zoomOut: viewport.zoomOut,
    fit: viewport.fit,
    middle: () => {
      const { current: element } = frame;
      if (!element || !view) return undefined;
      return { x: (element.clientWidth / 2 - view.x) / view.k, y: (element.clientHeight / 2 - view.y) / view.k };
    },
    reveal: viewport.reveal,
    cancel: hands.cancel,
  }));
  const drawn: Editable[] = boxes.map(({ box, place }, index) => ({
    box,
    place: draft?.box === box ? draft.place : place,
    look: "drawn",
    name: filters.box(index + 1, boxes.length),
    tag: "",
  }));
  const room = { width: frame.current?.clientWidth ?? 0, height: frame.current?.clientHeight ?? 0 };
  const preview = previewOf(field, picture);
  const near = preview !== null && view && view.k * picture.width * 2 > PREVIEW ? fieldPicture(field.id, picture.width) : preview;
  return (
    <div
      ref={frame}
      className={viewport.dragging ? "canvas-frame filter-frame dragging" : "canvas-frame filter-frame"}
      role="group"
      aria-label={words.canvas}
      {...hands.handlers}
    >
      {view ? (
        <>
          <Photo field={field} size={picture} view={view} />
          {sight ? <Overlay sight={sight} view={view} look={look} hidden={hidden} began={began} name={filters.overlayOf(sight.found.length)} /> : null}
          <EditBoxes name={filters.boxes} boxes={drawn} view={view} hidden={hidden} selected={selected} handles onSelect={onSelect} />
          {draft?.finger && near !== null ? (
            <Loupe
              src={near}
              picture={picture}
              finger={draft.finger}
              middle={{ x: (draft.finger.x - view.x) / view.k, y: (draft.finger.y - view.y) / view.k }}
              k={Math.min(view.k * 2, 4)}
              box={draft.place}
              room={room}
            />
          ) : null}
        </>
      ) : null}
    </div>
  );
}
