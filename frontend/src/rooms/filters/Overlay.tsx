/** What a filter sees, over the photograph: pixels that look like nucleus, and the cells that it would box. */
import { useLayoutEffect, useMemo, useRef } from "react";

import { project, type View } from "../../canvas/viewport";
import { type Look, paint } from "../masks/paint";
import { maskOf } from "../masks/pixels";
import type { FilterSight } from "./api";

/** What it took from a change to the overlay is noted under this name, for whoever measures. */
export const OVERLAY = "filters.overlay";
const MOST_NOTES = 500;
/** So far outside of the cell its mark stands, on the screen: a box that was drawn there stays to be seen. */
const AROUND = 5;

/** Where the mask lies on the screen: each of its pixels covers several of the photograph, and it may begin before that. */
export function placeOf({ left, top, times }: Pick<FilterSight, "left" | "top" | "times">, { x, y, k }: View): string {
  return `translate(${x - left * k}px, ${y - top * k}px) scale(${k * times})`;
}

export interface OverlayProps {
  sight: FilterSight;
  view: View;
  look: Look;
  hidden: boolean;
  began: number;
  /** What a screen reader calls it. */
  name: string;
}

export function Overlay({ sight, view, look, hidden, began, name }: OverlayProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const extent = useMemo(() => ({ width: sight.width_px, height: sight.height_px }), [sight]);
  useLayoutEffect(() => {
    const drawn = canvas.current?.getContext("2d");
    if (!drawn) return;
    const image = new ImageData(extent.width, extent.height);
    const nothing = new Uint8Array(extent.width * extent.height);
    paint(new Uint32Array(image.data.buffer), { nucleus: maskOf(sight.mask, extent), cell: nothing }, extent, look);
    drawn.putImageData(image, 0, 0);
    if (performance.getEntriesByName(OVERLAY).length > MOST_NOTES) performance.clearMeasures(OVERLAY);
    performance.measure(OVERLAY, { start: began, end: performance.now() });
  }, [sight, extent, look, began]);
  return (
    <>
      <canvas
        ref={canvas}
        className="filter-overlay"
        width={extent.width}
        height={extent.height}
        hidden={hidden}
        role="img"
        aria-label={name}
        data-field={sight.field_id}
        style={{ transform: placeOf(sight, view) }}
      />
      {hidden ? null : (
        <svg className="filter-found" aria-hidden="true">
          {sight.found.map(({ place: found }, index) => {
            const { left, top, right, bottom } = project(found, view);
            const at = { x: left - AROUND, y: top - AROUND, width: right - left + 2 * AROUND, height: bottom - top + 2 * AROUND, rx: 8 };
            return (
              <g key={index}>
                <rect className="under" {...at} />
                <rect className="line" {...at} />
              </g>
            );
          })}
        </svg>
      )}
    </>
  );
}
