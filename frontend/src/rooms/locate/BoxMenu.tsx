/** What a long press or the other button of the mouse opens at a box. */
import { useEffect, useRef } from "react";
import { Menu, MenuItem } from "react-aria-components";

import type { Point, Size } from "../../canvas/viewport";
import { useWords } from "../../words/words";
import type { Held } from "./boxes";

export type MenuAct = "accept" | "reset" | "remove" | "zoomTo" | "noType";

export interface BoxMenuProps {
  held: Held;
  at: Point;
  room: Size;
  onAct: (act: MenuAct) => void;
  onClose: () => void;
}

const WIDTH = 208;
const ROW = 44;

export function BoxMenu({ held, at, room, onAct, onClose }: BoxMenuProps) {
  const { locate } = useWords();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const away = (event: PointerEvent) => {
      if (event.target instanceof Node && !place.current?.contains(event.target)) onClose();
    };
    window.addEventListener("pointerdown", away, true);
    return () => window.removeEventListener("pointerdown", away, true);
  }, [onClose]);
  const items: (readonly [MenuAct, string])[] = [
    ...(held.state === "suggested" ? [["accept", locate.accept] as const] : []),
    ...(held.suggested !== null && held.state !== "suggested" ? [["reset", locate.reset] as const] : []),
    ...(held.term === null ? [] : [["noType", locate.noType] as const]),
    ["zoomTo", locate.zoomTo],
    ["remove", locate.remove],
  ];
  const left = Math.max(4, Math.min(at.x, room.width - WIDTH - 4));
  const top = Math.max(4, Math.min(at.y, room.height - items.length * ROW - 12));
  return (
    <div
      ref={place}
      className="box-menu"
      style={{ transform: `translate(${left}px, ${top}px)`, inlineSize: WIDTH }}
      onPointerDown={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        if (event.key === "Escape" || event.key === "Tab") {
          event.preventDefault();
          event.stopPropagation();
          onClose();
        }
      }}
    >
      <Menu aria-label={locate.menu} autoFocus="first" onAction={(key) => onAct(key as MenuAct)}>
        {items.map(([act, name]) => (
          <MenuItem key={act} id={act} className="option">
            {name}
          </MenuItem>
        ))}
      </Menu>
    </div>
  );
}
