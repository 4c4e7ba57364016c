/** A band of the last photograph at the edge of the live picture, so that the next one does not show the same cells. */
import type { Ghost } from "./remembered";

const SHARE = 0.18;

/** A rectangle as left, top, width, height. */
type Rectangle = readonly [number, number, number, number];

export interface Band {
  /** Of the last photograph: the side one moves to. */
  from: Rectangle;
  /** Of the live picture: the side one comes from. */
  to: Rectangle;
}

/** Which band of the last photograph lies where, for pictures of one size; nothing where it is switched off. */
export function bandOf(ghost: Ghost, width: number, height: number): Band | undefined {
  const [wide, high] = [Math.round(width * SHARE), Math.round(height * SHARE)];
  const sides: Record<Exclude<Ghost, "none">, Band> = {
    right: { from: [width - wide, 0, wide, height], to: [0, 0, wide, height] },
    left: { from: [0, 0, wide, height], to: [width - wide, 0, wide, height] },
    down: { from: [0, height - high, width, high], to: [0, 0, width, high] },
    up: { from: [0, 0, width, high], to: [0, height - high, width, high] },
  };
  return ghost === "none" ? undefined : sides[ghost];
}

/** Paint it, half seen through; a line says where it ends. */
export function paintGhost(canvas: HTMLCanvasElement, last: HTMLCanvasElement | undefined, ghost: Ghost): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  context.clearRect(0, 0, canvas.width, canvas.height);
  const band = last && bandOf(ghost, canvas.width, canvas.height);
  if (!last || !band) return;
  const [left, top, width, height] = band.to;
  context.globalAlpha = 0.55;
  context.drawImage(last, ...band.from, left, top, width, height);
  context.globalAlpha = 1;
  context.strokeStyle = "#fff";
  context.lineWidth = 2;
  context.setLineDash([8, 6]);
  context.strokeRect(left, top, width, height);
}
