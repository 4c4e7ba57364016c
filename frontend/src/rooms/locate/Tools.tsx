/** What can be done to boxes, as buttons: a row that wraps, every one large enough for a thumb. */
import type { ReactNode } from "react";

import { useWords } from "../../words/words";
import { pressed } from "../label/touch";

export interface ToolsProps {
  mayDraw: boolean;
  chosen: boolean;
  /** Whether the chosen box is only suggested. */
  open: boolean;
  anyOpen: boolean;
  undoable: boolean;
  redoable: boolean;
  onTool: (tool: "add" | "remove" | "accept" | "acceptAll" | "undo" | "redo" | "zoom" | "zoomOut" | "fit" | "sheet") => void;
  onHide: (hidden: boolean) => void;
}

const stay = (event: { preventDefault: () => void }) => event.preventDefault();

export function Tools({ mayDraw, chosen, open, anyOpen, undoable, redoable, onTool, onHide }: ToolsProps) {
  const { locate, field, keypad } = useWords();
  const tool = (name: Parameters<ToolsProps["onTool"]>[0], label: string, key: string, sign: ReactNode, off = false) => (
    <button type="button" className={name === "zoom" || name === "zoomOut" ? "tool zoom-tool" : "tool"} disabled={off} aria-label={label} title={`${label} (${key})`} {...pressed(() => onTool(name))}>
      {sign}
    </button>
  );
  const release = () => onHide(false);
  return (
    <div className="locate-tools" role="toolbar" aria-label={keypad.tools}>
      {mayDraw ? (
        <>
          {tool("add", locate.add, "N", <Mark d="M5 5h14v14H5zM12 9v6M9 12h6" />)}
          {tool("remove", locate.remove, "Del", <Mark d="M5 7h14M10 4h4M7 7l1 13h8l1-13M10 11v5M14 11v5" />, !chosen)}
          {tool("accept", locate.accept, "Enter", <Mark d="m5 13 4 4L19 7" />, !open)}
          <button type="button" className="tool wide-tool" disabled={!anyOpen} title={`${locate.acceptAll} (Ctrl Enter)`} {...pressed(() => onTool("acceptAll"))}>
            <Mark d="m2 13 4 4L15 7M11 16l1.500 1.500L22 7" />
            <span className="tool-name">{locate.acceptAll}</span>
          </button>
          {tool("undo", locate.undo, "Ctrl Z", <Mark d="M8 5 4 9l4 4M4 9h10a5 5 0 0 1 0 10h-3" />, !undoable)}
          {tool("redo", locate.redo, "Ctrl Shift Z", <Mark d="m16 5 4 4-4 4M20 9H10a5 5 0 0 0 0 10h3" />, !redoable)}
        </>
      ) : null}
      {tool("zoomOut", field.zoomOut, "−", <Mark d="M5 12h14" />)}
      {tool("zoom", field.zoomIn, "Z", <Mark d="M5 12h14M12 5v14" />)}
      {tool("fit", field.fit, "Shift Z", <Mark d="M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5" />)}
      <button
        type="button"
        className="tool"
        aria-label={locate.hide}
        title={`${locate.hide} (H)`}
        onPointerDown={() => onHide(true)}
        onPointerUp={release}
        onPointerLeave={release}
        onPointerCancel={release}
        onKeyDown={(event) => event.key === "Enter" && onHide(true)}
        onKeyUp={(event) => event.key === "Enter" && release()}
        onContextMenu={stay}
      >
        <Mark d="M3 12c3-5 15-5 18 0-3 5-15 5-18 0zM12 10a2 2 0 1 0 0 4 2 2 0 0 0 0-4M4 20 20 4" />
      </button>
      <button type="button" className="tool keys-tool" aria-label={locate.keys} title={`${locate.keys} (?)`} {...pressed(() => onTool("sheet"))}>
        <kbd aria-hidden="true">?</kbd>
      </button>
    </div>
  );
}

const Mark = ({ d }: { d: string }) => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <path d={d} />
  </svg>
);
