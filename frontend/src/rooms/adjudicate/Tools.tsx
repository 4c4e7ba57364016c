/** Buttons below the opinions: another class, the reason, and the ways through the queue. */
import type { ReactNode } from "react";

import type { Bindings, Tool } from "../../keys/bindings";
import { cap } from "../../keys/chords";
import { Arrow } from "../../parts/Arrow";
import { useWords } from "../../words/words";
import { pressed } from "../label/touch";
import type { Standing } from "./deciding";

export interface ToolsProps {
  bindings: Bindings;
  disabled: boolean;
  first: boolean;
  final: boolean;
  standing: Standing;
  /** The term of "not recognized", unless an opinion is that already. */
  undecided: string | undefined;
  onTerm: (key: string) => void;
  onTool: (tool: Tool, held?: boolean) => void;
  onKeys: () => void;
}

const Mark = ({ children, onward = false }: { children: ReactNode; onward?: boolean }) => (
  <svg className={onward ? "onward" : undefined} viewBox="0 0 24 24" aria-hidden="true">
    {children}
  </svg>
);

export function Tools({ bindings, disabled, first, final, standing, undecided, onTerm, onTool, onKeys }: ToolsProps) {
  const { adjudicate, label, keypad } = useWords();
  const capOf = (name: string) => cap(bindings[name] ?? []);
  const word = (sign: string, name: string, act: () => void, off = false) => (
    <button type="button" className="button worded" disabled={off} {...pressed(act)}>
      {sign ? <kbd aria-hidden="true">{sign}</kbd> : null} {name}
    </button>
  );
  const tool = (name: Tool, sign: ReactNode, off = false, more: object = {}) => (
    <button type="button" className="tool" disabled={off} aria-label={label.tool[name]} title={`${label.tool[name]} (${capOf(name)})`} {...pressed(() => onTool(name))} {...more}>
      {sign}
    </button>
  );
  const release = () => onTool("field", false);
  const held = {
    onClick: undefined,
    onPointerDown: () => onTool("field", true),
    onPointerUp: release,
    onPointerLeave: release,
    onPointerCancel: release,
    onKeyDown: (event: React.KeyboardEvent) => event.key === "Enter" && onTool("field", true),
    onKeyUp: (event: React.KeyboardEvent) => event.key === "Enter" && release(),
    onContextMenu: (event: React.MouseEvent) => event.preventDefault(),
  };
  return (
    <>
      <div className="third" role="group" aria-label={adjudicate.another}>
        {word(capOf("other"), adjudicate.another, () => onTool("other"), disabled)}
        {undecided === undefined ? null : word("X", adjudicate.notRecognized, () => onTerm(undecided), disabled)}
        {word(capOf("comment"), adjudicate.reason, () => onTool("comment"))}
      </div>
      <div className="tool-row" role="group" aria-label={keypad.tools}>
        {tool("previous", <Arrow to="back" />, first)}
        {tool("next", <Arrow to="forward" />, final)}
        {tool(
          "undo",
          <Mark>
            <path d="M9 5 4 10l5 5M4 10h10a6 6 0 0 1 0 12h-3" />
          </Mark>,
          !standing.undoable,
        )}
        {tool(
          "skip",
          <Mark onward>
            <path d="m5 5 7 7-7 7M13 5l7 7-7 7" />
          </Mark>,
        )}
        {tool(
          "field",
          <Mark>
            <rect x="2.5" y="5" width="19" height="14" rx="1.5" />
            <rect x="12" y="8" width="5" height="5" />
          </Mark>,
          false,
          held,
        )}
        {tool(
          "zoom",
          <Mark>
            <circle cx="10.5" cy="10.5" r="6.5" />
            <path d="M15.5 15.5 21 21M7.5 10.5h6M10.5 7.5v6" />
          </Mark>,
        )}
        <button type="button" className="tool" aria-label={keypad.title} title={`${keypad.title} (?)`} {...pressed(onKeys)}>
          <kbd aria-hidden="true">?</kbd>
        </button>
      </div>
    </>
  );
}
