/** The last label for a moment, with the way to take it back; or why a key did nothing. */
import { useEffect, useState } from "react";

import type { LabelEvent } from "../../offline/events";
import { useWords } from "../../words/words";
import { pressed } from "./touch";

const SHOWN_MS = 1500;
/** What is to be learned from is there for longer. */
const TAUGHT_MS = 4000;

export interface ToastProps {
  event: LabelEvent | undefined;
  name: string;
  /** What the panel says of that cell, in training. */
  panel: string | undefined;
  note: string;
  onUndo: () => void;
  onSaid: () => void;
}

export function Toast({ event, name, panel, note, onUndo, onSaid }: ToastProps) {
  const { label } = useWords();
  const [gone, setGone] = useState<string>();
  const id = event?.event;
  useEffect(() => {
    if (id === undefined) return undefined;
    const timer = setTimeout(() => setGone(id), panel === undefined ? SHOWN_MS : TAUGHT_MS);
    return () => clearTimeout(timer);
  }, [id, panel]);
  useEffect(() => {
    if (!note) return undefined;
    const timer = setTimeout(onSaid, SHOWN_MS * 2);
    return () => clearTimeout(timer);
  }, [note, onSaid]);
  if (note) {
    return (
      <p className="toast" role="alert">
        {note}
      </p>
    );
  }
  if (!event || gone === id) return null;
  return (
    <div className="toast" data-kind={event.kind}>
      <span>
        {label.cellWas(event.place + 1, name)}
        {panel === undefined ? "" : ` · ${label.panel(panel)}`}
      </span>
      {event.kind === "undo" ? null : (
        <button type="button" className="plain" {...pressed(onUndo)}>
          {label.tool["undo"]}
        </button>
      )}
    </div>
  );
}
