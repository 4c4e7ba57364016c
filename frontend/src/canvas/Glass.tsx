/** A part of a photograph, larger: the loupe above a finger, and the look at the box that is chosen. */
import type { Point, Rectangle, Size } from "./viewport";

export interface GlassProps {
  src: string;
  picture: Size;
  /** What is in the middle, in pixels of the picture. */
  middle: Point;
  /** Screen pixels for one of the picture. */
  k: number;
  /** Its own width and height on the screen. */
  side: number;
  box: Rectangle;
  className: string;
  /** Where its middle stands on the screen of the canvas; without it, where the page puts it. */
  at?: Point;
  /** What a screen reader calls it; without it, it says nothing that is not said elsewhere. */
  name?: string;
}

export function Glass({ src, picture, middle, k, side, box, className, at, name }: GlassProps) {
  const shift = { x: side / 2 - k * middle.x, y: side / 2 - k * middle.y };
  const style = {
    width: side,
    height: side,
    ...(at ? { transform: `translate(${at.x - side / 2}px, ${at.y - side / 2}px)` } : {}),
  };
  return (
    <div className={className} style={style} {...(name === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": name })}>
      <img src={src} alt="" draggable={false} style={{ ...picture, transform: `translate(${shift.x}px, ${shift.y}px) scale(${k})` }} />
      <svg aria-hidden="true">
        <rect
          className="line"
          x={k * box.left + shift.x}
          y={k * box.top + shift.y}
          width={k * (box.right - box.left)}
          height={k * (box.bottom - box.top)}
        />
      </svg>
    </div>
  );
}

const LOUPE = 128;
const ABOVE = 96;

/** The loupe of a finger: above it, or beside it where there is no room above. */
export function Loupe({ finger, room, ...rest }: Omit<GlassProps, "side" | "className" | "at" | "name"> & { finger: Point; room: Size }) {
  const half = LOUPE / 2;
  const above = finger.y - ABOVE > half;
  const x = above ? finger.x : finger.x + (finger.x > room.width / 2 ? -ABOVE : ABOVE);
  const y = above ? finger.y - ABOVE : Math.max(finger.y, half);
  const at = { x: Math.min(Math.max(x, half), room.width - half), y: Math.min(Math.max(y, half), room.height - half) };
  return <Glass {...rest} side={LOUPE} className="glass loupe" at={at} />;
}
