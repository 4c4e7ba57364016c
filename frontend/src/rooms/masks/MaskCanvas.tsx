/** The crop under the pen: the picture, the masks over it, and on wide screens the bare picture beside it. */
import { useEffect, useImperativeHandle, useLayoutEffect, useRef, type Ref, type RefObject } from "react";

import { useViewport } from "../../canvas/useViewport";
import type { View } from "../../canvas/viewport";
import { useWords } from "../../words/words";
import type { LoadedCell } from "./api";
import { type Look, paint } from "./paint";
import { type Masks, type PartName, type Stroke, stroked } from "./strokes";
import { type Pen, usePen } from "./usePen";

/** What drawing an overlay took is noted under this name, for whoever measures. */
export const OVERLAY = "masks.overlay";
const MOST_NOTES = 2000;

export interface CanvasHandle {
  zoomIn: () => void;
  zoomOut: () => void;
  fit: () => void;
}

export interface MaskCanvasProps {
  ref: Ref<CanvasHandle>;
  cell: LoadedCell;
  masks: Masks;
  took: number;
  draft: Stroke | undefined;
  look: Look;
  hidden: boolean;
  beside: boolean;
  part: PartName;
  tool: Pen["tool"];
  size: number;
  moving: RefObject<boolean>;
  /** Whether strokes stay off other cells. */
  off: boolean;
  enabled: boolean;
  onDraft: Pen["onDraft"];
  onStroke: Pen["onStroke"];
}

export function MaskCanvas(props: MaskCanvasProps) {
  const { ref, cell, masks, took, draft, look, hidden, beside, part, tool, size, moving, off, enabled, onDraft, onStroke } = props;
  const { extent, picture } = cell;
  const { masks: words } = useWords();
  const frame = useRef<HTMLDivElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const viewport = useViewport(frame, extent);
  const { view } = viewport;
  const hands = usePen({ viewport, frame, part, tool, size, moving, off, enabled, onDraft, onStroke });
  useImperativeHandle(ref, () => ({ zoomIn: viewport.zoomIn, zoomOut: viewport.zoomOut, fit: viewport.fit }));
  const seen = view !== undefined;
  const lines = useRef<ImageData>(undefined);
  useLayoutEffect(() => {
    const drawn = overlay.current?.getContext("2d");
    if (!drawn) return;
    const began = performance.now();
    const under = draft && draft.tool !== "toggle" && draft.tool !== "outline" ? stroked(masks, draft, cell) : masks;
    if (lines.current?.width !== extent.width || lines.current.height !== extent.height) {
      lines.current = new ImageData(extent.width, extent.height);
    }
    paint(new Uint32Array(lines.current.data.buffer), under, extent, look, off ? cell.beside : undefined);
    drawn.putImageData(lines.current, 0, 0);
    const end = performance.now();
    if (performance.getEntriesByName(OVERLAY).length > MOST_NOTES) performance.clearMeasures(OVERLAY);
    performance.measure(OVERLAY, { start: Math.max(0, began - took), end });
  }, [masks, took, draft, look, cell, extent, off, seen]);

  return (
    <div className={beside ? "mask-frames beside" : "mask-frames"}>
      {beside ? (
        <div className="canvas-frame mask-frame bare" aria-hidden="true">
          {view ? <Crop picture={picture} view={view} /> : null}
        </div>
      ) : null}
      <div
        ref={frame}
        className={viewport.dragging ? "canvas-frame mask-frame dragging" : "canvas-frame mask-frame"}
        role="img"
        aria-label={words.canvas}
        data-tool={enabled ? tool : "view"}
        onContextMenu={(event) => event.preventDefault()}
        {...hands}
      >
        {view ? (
          <>
            <Crop picture={picture} view={view} />
            <canvas ref={overlay} className="mask-overlay" width={extent.width} height={extent.height} hidden={hidden} style={{ transform: placed(view) }} />
            {draft?.tool === "outline" ? <Line draft={draft} view={view} /> : null}
          </>
        ) : null}
      </div>
    </div>
  );
}

const placed = ({ x, y, k }: View): string => `translate(${x}px, ${y}px) scale(${k})`;

function Crop({ picture, view }: { picture: ImageBitmap; view: View }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    canvas.current?.getContext("2d")?.drawImage(picture, 0, 0);
  }, [picture]);
  return <canvas ref={canvas} className="mask-crop" width={picture.width} height={picture.height} style={{ transform: placed(view) }} />;
}

/** The outline while it is drawn, and how it would be closed. */
function Line({ draft: { path }, view }: { draft: Stroke; view: View }) {
  const points: string[] = [];
  for (let at = 0; at + 1 < path.length; at += 2) {
    points.push(`${((path[at] ?? 0) / 4) * view.k + view.x},${((path[at + 1] ?? 0) / 4) * view.k + view.y}`);
  }
  return (
    <svg className="mask-line" aria-hidden="true">
      <polygon className="closing" points={points.join(" ")} />
      <polyline className="under" points={points.join(" ")} />
      <polyline className="line" points={points.join(" ")} />
    </svg>
  );
}
