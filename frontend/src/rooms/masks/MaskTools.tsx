/** What can be done to masks, as buttons: which part, which tool, how wide, back and forth, and how it is shown. */
import type { ReactNode } from "react";

import type { Bindings } from "../../keys/bindings";
import { useWords } from "../../words/words";
import { pressed } from "../label/touch";
import { keyOf, type MaskAction } from "./keys";
import type { PartName } from "./strokes";
import type { Act } from "./useMaskKeys";
import type { Pen } from "./usePen";

export interface MaskToolsProps {
  parts: readonly PartName[];
  part: PartName;
  tool: Pen["tool"];
  radius: number;
  undoable: boolean;
  redoable: boolean;
  drafted: boolean;
  /** Whether strokes stay off other cells; `undefined` where nobody knows where these lie. */
  locks: boolean | undefined;
  bindings: Bindings;
  beside: boolean;
  disabled: boolean;
  onAct: (act: Act) => void;
  onHide: (hidden: boolean) => void;
}

export function MaskTools({ parts, part, tool, radius, undoable, redoable, drafted, locks, bindings, beside, disabled, onAct, onHide }: MaskToolsProps) {
  const { masks, field, number } = useWords();
  const titled = (label: string, key: string) => (key ? `${label} (${key})` : label);
  // The sign of minus zooms out whatever key is given to it.
  const signs: Partial<Record<MaskAction | "sheet", string>> = { sheet: "?", zoomOut: "−" };
  const button = (act: MaskAction | "sheet", label: string, sign: ReactNode, more: { on?: boolean; off?: boolean; className?: string } = {}) => (
    <button
      type="button"
      className={`tool ${more.className ?? ""}`}
      disabled={more.off ?? false}
      aria-label={label}
      title={titled(label, signs[act] ?? keyOf(bindings, act as MaskAction))}
      {...(more.on === undefined ? {} : { "aria-pressed": more.on })}
      {...pressed(() => onAct(act))}
    >
      {sign}
    </button>
  );
  const release = () => onHide(false);
  return (
    <div className="mask-tools" role="toolbar" aria-label={masks.tools}>
      {parts.length > 1 ? (
        <span className="mask-parts" role="group" aria-label={masks.part}>
          {button("nucleus", masks.nucleus, masks.nucleus, { on: part === "nucleus", className: "word nucleus" })}
          {button("cell", masks.cell, masks.cell, { on: part === "cell", className: "word cell" })}
        </span>
      ) : null}
      {button("brush", masks.brush, <Mark d="M4 20c3 0 5-1 5-4M9 16 19 4l2 2-10 12" />, { on: tool === "brush", off: disabled })}
      {button("erase", masks.erase, <Mark d="m9 20-5-5L14 5l6 6-9 9zM9 10l6 6M11 20h9" />, { on: tool === "erase", off: disabled })}
      {button("outline", masks.outline, <Mark d="M5 12c0-5 4-8 8-7s8 4 6 9-8 6-11 4-3-4-3-6zM3 3l4 4" />, { on: tool === "outline", off: disabled })}
      {button("toggle", masks.toggle, <Mark d="M4 8a3 3 0 1 0 6 0 3 3 0 1 0-6 0M14 16a3 3 0 1 0 6 0 3 3 0 1 0-6 0M16 4l4 4M20 4l-4 4" />, { on: tool === "toggle", off: disabled })}
      <span className="mask-width" role="group" aria-label={masks.width}>
        {button("smaller", masks.smaller, "−", { off: disabled })}
        <span className="mask-dot" aria-label={masks.radius(number(radius))} role="img">
          <svg viewBox="0 0 44 44" aria-hidden="true">
            <circle cx="22" cy="22" r={Math.min(20, 2 + radius)} />
          </svg>
        </span>
        {button("larger", masks.larger, "+", { off: disabled })}
      </span>
      {button("smooth", masks.smooth, <Mark d="M3 17c4 0 3-10 9-10s5 10 9 10M3 20h18" />, { off: disabled })}
      {button("lock", masks.lock, <Mark d="M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3" />, { on: locks === true, off: disabled || locks === undefined })}
      {button("undo", masks.undo, <Mark d="M8 5 4 9l4 4M4 9h10a5 5 0 0 1 0 10h-3" />, { off: !undoable })}
      {button("redo", masks.redo, <Mark d="m16 5 4 4-4 4M20 9H10a5 5 0 0 0 0 10h3" />, { off: !redoable })}
      {button("draft", masks.draft, <Mark d="M12 4a8 8 0 1 1-7 4M5 3v5h5" />, { off: disabled || !drafted })}
      {button("zoomOut", field.zoomOut, <Mark d="M10 4a6 6 0 1 0 0 12 6 6 0 0 0 0-12M14.500 14.500 20 20M7.500 10h5" />, { className: "zoom-tool" })}
      {button("zoom", field.zoomIn, <Mark d="M10 4a6 6 0 1 0 0 12 6 6 0 0 0 0-12M14.500 14.500 20 20M7.500 10h5M10 7.500v5" />, { className: "zoom-tool" })}
      {button("fit", field.fit, <Mark d="M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5" />)}
      <button
        type="button"
        className="tool"
        aria-label={masks.hide}
        title={titled(masks.hide, keyOf(bindings, "hide"))}
        onPointerDown={() => onHide(true)}
        onPointerUp={release}
        onPointerLeave={release}
        onPointerCancel={release}
        onKeyDown={(event) => event.key === "Enter" && onHide(true)}
        onKeyUp={(event) => event.key === "Enter" && release()}
        onContextMenu={(event) => event.preventDefault()}
      >
        <Mark d="M3 12c3-5 15-5 18 0-3 5-15 5-18 0zM12 10a2 2 0 1 0 0 4 2 2 0 0 0 0-4M4 20 20 4" />
      </button>
      {button("beside", masks.beside, <Mark d="M3 5h8v14H3zM13 5h8v14h-8z" />, { on: beside, className: "beside-tool" })}
      {button("sheet", masks.keys, <kbd aria-hidden="true">?</kbd>, { className: "keys-tool" })}
    </div>
  );
}

const Mark = ({ d }: { d: string }) => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <path d={d} />
  </svg>
);
