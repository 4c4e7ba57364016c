/** The photograph under the hand: boxes that can be put, moved and resized, the loupe of a finger, the menu of a box. */
import { useEffect, useImperativeHandle, useRef, useState, type Ref } from "react";

import { fieldPicture, type FieldView } from "../../api/client";
import { EditBoxes, type Editable } from "../../canvas/EditBoxes";
import { Loupe } from "../../canvas/Glass";
import { Photo, PREVIEW, previewOf } from "../../canvas/Photo";
import { useBoxHands } from "../../canvas/useBoxHands";
import { useViewport } from "../../canvas/useViewport";
import type { Point, Rectangle, Size } from "../../canvas/viewport";
import { useWords } from "../../words/words";
import { BoxMenu, type MenuAct } from "./BoxMenu";
import type { Held } from "./boxes";

export interface CanvasHandle {
  zoomIn: () => void;
  zoomOut: () => void;
  fit: () => void;
  /** The middle of what is seen, in pixels of the picture. */
  middle: () => Point | undefined;
  reveal: (place: Rectangle) => void;
  show: (place: Rectangle) => void;
  /** Let go what is under the hand; whether there was something. */
  cancel: () => boolean;
}

export interface LocateCanvasProps {
  ref: Ref<CanvasHandle>;
  field: FieldView["field"];
  picture: Size;
  boxes: readonly Held[];
  drawn: readonly Editable[];
  selected: string | undefined;
  hidden: boolean;
  mayDraw: boolean;
  onSelect: (box: string) => void;
  onLetGo: () => void;
  onTap: (at: Point) => void;
  onPlace: (box: string, place: Rectangle) => void;
  onMenu: (box: string, act: MenuAct) => void;
}

export function LocateCanvas(props: LocateCanvasProps) {
  const { ref, field, picture, boxes, drawn, selected, hidden, mayDraw, onSelect, onLetGo, onTap, onPlace, onMenu } = props;
  const { locate, field: words } = useWords();
  const frame = useRef<HTMLDivElement>(null);
  const viewport = useViewport(frame, picture);
  const { view } = viewport;
  const [menu, setMenu] = useState<{ box: string; at: Point }>();
  const hands = useBoxHands({
    frame,
    viewport,
    picture,
    boxes,
    selected,
    mayDraw,
    onSelect,
    onLetGo,
    onTap: (at) => mayDraw && onTap(at),
    onPlace: ({ box, place }) => onPlace(box, place),
    onMenu: (box, at) => {
      onSelect(box);
      if (mayDraw) setMenu({ box, at });
    },
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
    show: viewport.show,
    cancel: hands.cancel,
  }));
  const opened = boxes.find(({ box }) => box === menu?.box);
  useEffect(() => {
    if (menu && !opened) setMenu(undefined);
  }, [menu, opened]);

  const room = { width: frame.current?.clientWidth ?? 0, height: frame.current?.clientHeight ?? 0 };
  const shown = draft ? drawn.map((each) => (each.box === draft.box ? { ...each, place: draft.place } : each)) : drawn;
  const preview = previewOf(field, picture);
  const near = preview !== null && view && view.k * picture.width * 2 > PREVIEW ? fieldPicture(field.id, picture.width) : preview;
  return (
    <div
      ref={frame}
      className={viewport.dragging ? "canvas-frame locate-frame dragging" : "canvas-frame locate-frame"}
      role="group"
      aria-label={words.canvas}
      {...hands.handlers}
    >
      {view ? (
        <>
          <Photo field={field} size={picture} view={view} />
          <EditBoxes name={locate.boxes} boxes={shown} view={view} hidden={hidden} selected={selected} handles={mayDraw} onSelect={onSelect} />
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
          {menu && opened ? (
            <BoxMenu
              held={opened}
              at={menu.at}
              room={room}
              onAct={(act) => {
                setMenu(undefined);
                onMenu(menu.box, act);
              }}
              onClose={() => setMenu(undefined)}
            />
          ) : null}
        </>
      ) : null}
    </div>
  );
}
