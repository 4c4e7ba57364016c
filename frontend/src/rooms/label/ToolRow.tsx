/** Tools that have a button: on a phone in a column beside the pad, on the side away from the thumb. */
import type { ReactNode } from "react";

import type { Bindings, Tool } from "../../keys/bindings";
import { cap } from "../../keys/chords";
import { Arrow } from "../../parts/Arrow";
import { useWords } from "../../words/words";
import { pressed } from "./touch";
import type { Wishes } from "./wishes";

export interface ToolRowProps {
  bindings: Bindings;
  wishes: Wishes;
  wish: (change: Partial<Wishes>) => void;
  onTool: (tool: Tool, held?: boolean) => void;
  onKeys: () => void;
  first: boolean;
  final: boolean;
  reference: boolean;
}

const stay = (event: { preventDefault: () => void }) => event.preventDefault();

export function ToolRow({ bindings, wishes, wish, onTool, onKeys, first, final, reference }: ToolRowProps) {
  const { label, keypad } = useWords();
  const tool = (name: Tool, sign: ReactNode, off = false, more: object = {}) => (
    <button
      type="button"
      className="tool"
      disabled={off}
      aria-label={label.tool[name]}
      title={`${label.tool[name]} (${cap(bindings[name] ?? [])})`}
      {...pressed(() => onTool(name))}
      {...more}
    >
      {sign}
    </button>
  );
  const release = () => onTool("field", false);
  // Held with a finger or the mouse; with the keyboard, Enter shows it until the key is let go.
  const held = {
    onClick: undefined,
    onPointerDown: () => onTool("field", true),
    onPointerUp: release,
    onPointerLeave: release,
    onPointerCancel: release,
    onKeyDown: (event: React.KeyboardEvent) => event.key === "Enter" && onTool("field", true),
    onKeyUp: (event: React.KeyboardEvent) => event.key === "Enter" && release(),
    onContextMenu: stay,
  };
  return (
    <div className="tool-row" role="group" aria-label={keypad.tools}>
      {tool("previous", <Arrow to="back" />, first)}
      {tool("next", <Arrow to="forward" />, final)}
      {tool("field", <FieldMark />, false, held)}
      {tool("zoom", <ZoomMark />)}
      {tool("reference", <BookMark />, false, { "aria-pressed": reference })}
      <button
        type="button"
        className="tool hand-switch"
        aria-label={wishes.hand === "right" ? label.leftHand : label.rightHand}
        title={wishes.hand === "right" ? label.leftHand : label.rightHand}
        {...pressed(() => wish({ hand: wishes.hand === "right" ? "left" : "right" }))}
      >
        <HandMark />
      </button>
      <button type="button" className="tool" aria-label={keypad.title} title={`${keypad.title} (?)`} {...pressed(onKeys)}>
        <kbd aria-hidden="true">?</kbd>
      </button>
    </div>
  );
}

const Mark = ({ children }: { children: ReactNode }) => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    {children}
  </svg>
);
const FieldMark = () => (
  <Mark>
    <rect x="2.5" y="5" width="19" height="14" rx="1.5" />
    <rect x="12" y="8" width="5" height="5" />
  </Mark>
);
const ZoomMark = () => (
  <Mark>
    <circle cx="10.5" cy="10.5" r="6.5" />
    <path d="M15.5 15.5 21 21M7.5 10.5h6M10.5 7.5v6" />
  </Mark>
);
const BookMark = () => (
  <Mark>
    <path d="M12 6c-2-1.5-5-2-8.5-1.5v13c3.500-.5 6.500 0 8.500 1.500 2-1.500 5-2 8.500-1.500v-13C17 4 14 4.500 12 6zM12 6v13" />
  </Mark>
);
const HandMark = () => (
  <Mark>
    <path d="M3 12h18M8 7l-5 5 5 5M16 7l5 5-5 5" />
  </Mark>
);
