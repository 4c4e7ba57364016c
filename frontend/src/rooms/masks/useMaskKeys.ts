/** The keys of the masks screen: letters are tools, signs and pages move the threshold; known by their place. */
import { useEffect, useRef } from "react";

import { chordOf } from "../../keys/chords";

const WRITING = "input:not([type=range]), textarea, select, [contenteditable], [role=listbox], [role=menu]";
const PRESSED_BY_ENTER = "button, a[href], summary";

export type Act =
  | "keep"
  | "next"
  | "previous"
  | "failed"
  | "undo"
  | "redo"
  | "brush"
  | "erase"
  | "outline"
  | "toggle"
  | "nucleus"
  | "cell"
  | "trim"
  | "grow"
  | "draft"
  | "smaller"
  | "larger"
  | "zoom"
  | "zoomOut"
  | "fit"
  | "beside"
  | "sheet"
  | "cancel";

const ACTS: Record<string, Act> = {
  Enter: "keep",
  NumpadEnter: "keep",
  KeyF: "next",
  KeyD: "previous",
  KeyX: "failed",
  "Ctrl+KeyZ": "undo",
  "Ctrl+Shift+KeyZ": "redo",
  "Ctrl+KeyY": "redo",
  KeyB: "brush",
  KeyE: "erase",
  KeyO: "outline",
  KeyK: "toggle",
  KeyN: "nucleus",
  KeyC: "cell",
  KeyT: "trim",
  KeyG: "grow",
  KeyR: "draft",
  BracketLeft: "smaller",
  BracketRight: "larger",
  KeyZ: "zoom",
  "Shift+KeyZ": "fit",
  KeyS: "beside",
  F1: "sheet",
  Escape: "cancel",
};
/** Levels by which a key moves the threshold. */
const STEPS: Record<string, number> = {
  Comma: -1,
  Period: 1,
  "Shift+Comma": -5,
  "Shift+Period": 5,
  PageDown: -10,
  PageUp: 10,
  "Shift+PageDown": -20,
  "Shift+PageUp": 20,
};
const REPEATING: readonly Act[] = ["undo", "redo", "smaller", "larger", "zoom", "zoomOut"];

export interface MaskKeys {
  onAct: (act: Act) => void;
  onStep: (by: number) => void;
  onHide: (hidden: boolean) => void;
  /** The space bar is held: what draws otherwise moves the picture. */
  onMoving: (moving: boolean) => void;
}

export function useMaskKeys(keys: MaskKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onDown = (event: KeyboardEvent) => {
      const { onAct, onStep, onHide, onMoving } = latest.current;
      const target = event.target instanceof Element ? event.target : null;
      if (event.defaultPrevented || target?.closest(WRITING) || document.querySelector("[role=dialog], [role=menu]")) return;
      const sign = event.key === "+" ? "zoom" : event.key === "-" ? "zoomOut" : undefined;
      const chord = event.key === "?" || event.key === "؟" ? "F1" : chordOf(event);
      if (chord === undefined) return;
      if (chord === "Space" && target?.closest(PRESSED_BY_ENTER)) return;
      if (chord.endsWith("Enter") && target?.closest(PRESSED_BY_ENTER)) return;
      const step = STEPS[chord];
      const act = ACTS[chord] ?? sign;
      if (chord === "KeyH") onHide(true);
      else if (chord === "Space") onMoving(true);
      else if (step !== undefined) onStep(step);
      else if (act === undefined) return;
      else if (!event.repeat || REPEATING.includes(act)) onAct(act);
      event.preventDefault();
    };
    const letGo = () => {
      latest.current.onHide(false);
      latest.current.onMoving(false);
    };
    const onUp = (event: KeyboardEvent) => {
      if (event.code === "KeyH") latest.current.onHide(false);
      if (event.code === "Space") latest.current.onMoving(false);
    };
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
