/** The line of tools over the sorted cells, and whether every label has reached the service. */
import type { ReactNode } from "react";

import { SentMark } from "../../../offline/SentMark";
import { useWords } from "../../../words/words";

export interface ToolsProps {
  confirmable: number;
  chosen: number;
  undoable: boolean;
  redoable: boolean;
  lasso: boolean;
  onConfirm: () => void;
  onUndo: () => void;
  onRedo: () => void;
  onPage: () => void;
  onClear: () => void;
  onLasso: () => void;
  onOther: () => void;
  onKeys: () => void;
}

export function Tools(props: ToolsProps) {
  const { confirmable, chosen, undoable, redoable, lasso } = props;
  const { sorting, keypad } = useWords();
  const tool = (name: string, keys: string, sign: ReactNode, act: () => void, more: object = {}) => (
    <button type="button" className="tool" aria-label={name} title={keys ? `${name} (${keys})` : name} onClick={act} {...more}>
      {sign}
    </button>
  );
  return (
    <div className={chosen > 0 ? "sort-tools with-chosen" : "sort-tools"} role="group" aria-label={sorting.tools}>
      <button type="button" className="button strong confirm" disabled={confirmable === 0} onClick={props.onConfirm} title="Ctrl Enter, Num Enter">
        {sorting.confirm(confirmable)}
      </button>
      {tool(sorting.undo, "Ctrl Z", <Mark path="M9 7 4 12l5 5M4 12h10a6 6 0 0 1 6 6" />, props.onUndo, { disabled: !undoable })}
      {tool(sorting.redo, "Ctrl Y", <Mark path="m15 7 5 5-5 5M20 12H10a6 6 0 0 0-6 6" />, props.onRedo, { disabled: !redoable })}
      {tool(sorting.page, "Ctrl A", <Mark path="M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h6v6h-6z" />, props.onPage)}
      {tool(sorting.lasso, "", <Mark path="M12 4c5 0 8.500 2.200 8.500 5.500S17 15 12 15s-8.500-2.200-8.500-5.500S7 4 12 4zM8 14.500c-1 1-1.500 2.500 0 3.500s1 2.500-.5 3" />, props.onLasso, { "aria-pressed": lasso })}
      {tool(keypad.title, "?", <kbd aria-hidden="true">?</kbd>, props.onKeys, { className: "tool keys-tool" })}
      {chosen > 0 ? (
        <span className="chosen-line">
          <button type="button" className="button" onClick={props.onOther}>
            {sorting.name(chosen)}
          </button>
          <button type="button" className="plain" onClick={props.onClear} aria-label={sorting.clear} title="Esc">
            ✕
          </button>
        </span>
      ) : null}
      <SentMark className="sort-sent" />
    </div>
  );
}

const Mark = ({ path }: { path: string }) => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <path d={path} />
  </svg>
);
