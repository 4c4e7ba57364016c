/** The keys of Locate: letters are tools, digits are types, arrows move what is chosen; known by their place. */
import { useEffect, useRef } from "react";

import { type Action, termOf } from "../../keys/bindings";
import { type Chord, chordOf } from "../../keys/chords";

const TYPING = "input, textarea, select, [contenteditable], [role=listbox], [role=slider], [role=menu]";
const PRESSED_BY_ENTER = "button, a[href], summary";

export type Tool =
  | "add"
  | "remove"
  | "accept"
  | "acceptAll"
  | "undo"
  | "redo"
  | "next"
  | "previous"
  | "zoom"
  | "zoomOut"
  | "fit"
  | "cancel"
  | "smaller"
  | "larger"
  | "muchSmaller"
  | "muchLarger"
  | "other"
  | "sheet";

/** What these keys do here, whatever a person has made of the others. */
const FIXED: Record<Chord, Tool> = {
  KeyN: "add",
  Delete: "remove",
  Backspace: "remove",
  Enter: "accept",
  "Ctrl+Enter": "acceptAll",
  NumpadEnter: "accept",
  Escape: "cancel",
  BracketLeft: "smaller",
  BracketRight: "larger",
  "Shift+BracketLeft": "muchSmaller",
  "Shift+BracketRight": "muchLarger",
  F1: "sheet",
};
const SHARED: Partial<Record<string, Tool>> = { undo: "undo", redo: "redo", next: "next", previous: "previous", zoom: "zoom", fit: "fit", other: "other" };
const REPEATING: readonly Tool[] = ["undo", "redo", "zoom", "zoomOut", "smaller", "larger", "muchSmaller", "muchLarger"];
const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const FAR = 10;

export interface LocateKeys {
  acts: ReadonlyMap<Chord, Action>;
  onTool: (tool: Tool) => void;
  onType: (term: string) => void;
  /** Move the box, or with `stretch` its right and lower edges; returns whether there is one. */
  onNudge: (dx: number, dy: number, stretch: boolean) => boolean;
  onHide: (hidden: boolean) => void;
}

export function useLocateKeys(keys: LocateKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onDown = (event: KeyboardEvent) => {
      const { acts, onTool, onType, onNudge, onHide } = latest.current;
      const target = event.target instanceof Element ? event.target : null;
      if (event.defaultPrevented || target?.closest(TYPING) || document.querySelector("[role=dialog], [role=menu]")) return;
      const chord = event.key === "?" || event.key === "؟" ? "F1" : chordOf(event);
      if (chord === undefined) return;
      const plain = chordOf(event, { shift: false }) ?? "";
      const arrow = ARROWS[plain.replace("Ctrl+", "")];
      if (arrow) {
        const by = event.shiftKey ? FAR : 1;
        if (onNudge(arrow[0] * by, arrow[1] * by, plain.startsWith("Ctrl+"))) event.preventDefault();
        return;
      }
      if (chord === "KeyH") {
        onHide(true);
        event.preventDefault();
        return;
      }
      if (chord.endsWith("Enter") && target?.closest(PRESSED_BY_ENTER) && chord !== "Ctrl+Enter") return;
      const act = acts.get(chord) ?? "";
      const term = termOf(act);
      const sign = event.key === "+" ? "zoom" : event.key === "-" || event.key === "−" ? "zoomOut" : undefined;
      const tool = FIXED[chord] ?? SHARED[act] ?? (term === undefined ? sign : undefined);
      if (tool === undefined && term === undefined) return;
      event.preventDefault();
      if (tool !== undefined) {
        if (!event.repeat || REPEATING.includes(tool)) onTool(tool);
      } else if (term !== undefined && !event.repeat) onType(term);
    };
    const onUp = (event: KeyboardEvent) => {
      if (event.code === "KeyH") latest.current.onHide(false);
    };
    const letGo = () => latest.current.onHide(false);
    window.addEventListener("keydown", onDown);
    window.addEventListener("keyup", onUp);
    window.addEventListener("blur", letGo);
    return () => {
      window.removeEventListener("keydown", onDown);
      window.removeEventListener("keyup", onUp);
      window.removeEventListener("blur", letGo);
    };
  }, []);
}
