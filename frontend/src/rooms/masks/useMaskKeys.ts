/** The keys of the masks screen, known by their place: what each does is the person's choice, but for Enter and Escape. */
import { useEffect, useRef } from "react";

import { type Bindings, lookup } from "../../keys/bindings";
import { chordOf } from "../../keys/chords";
import { type MaskAction, stepOf } from "./keys";

const WRITING = "input:not([type=range]), textarea, select, [contenteditable], [role=listbox], [role=menu]";
const PRESSED_BY_ENTER = "button, a[href], summary";

/** What is done at once: all that a key can be given to, and what always has the same one. */
export type Act = MaskAction | "keep" | "sheet" | "cancel";

const FIXED: Record<string, Act> = { Enter: "keep", NumpadEnter: "keep", F1: "sheet", Escape: "cancel" };
const REPEATING: readonly Act[] = ["undo", "redo", "smaller", "larger", "zoom", "zoomOut"];

export interface MaskKeys {
  bindings: Bindings;
  onAct: (act: Act) => void;
  onStep: (by: number) => void;
  onHide: (hidden: boolean) => void;
  /** Its key is held: what draws otherwise moves the picture. */
  onMoving: (moving: boolean) => void;
}

export function useMaskKeys(keys: MaskKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const actOf = (event: KeyboardEvent): Act | undefined => {
      const chord = event.key === "?" || event.key === "؟" ? "F1" : chordOf(event);
      if (chord === undefined) return undefined;
      // A key of the person's own comes before the signs.
      const own = lookup(latest.current.bindings).get(chord) as MaskAction | undefined;
      return FIXED[chord] ?? own ?? (event.key === "+" ? "zoom" : event.key === "-" ? "zoomOut" : undefined);
    };
    const onDown = (event: KeyboardEvent) => {
      const { onAct, onStep, onHide, onMoving } = latest.current;
      const target = event.target instanceof Element ? event.target : null;
      if (event.defaultPrevented || target?.closest(WRITING) || document.querySelector("[role=dialog], [role=menu]")) return;
      const presses = event.code === "Space" || event.code.endsWith("Enter");
      if (presses && target?.closest(PRESSED_BY_ENTER)) return;
      const act = actOf(event);
      if (act === undefined) return;
      const step = stepOf(act as MaskAction);
      if (act === "hide") onHide(true);
      else if (act === "move") onMoving(true);
      else if (step !== undefined) onStep(step);
      else if (!event.repeat || REPEATING.includes(act)) onAct(act);
      event.preventDefault();
    };
    const letGo = () => {
      latest.current.onHide(false);
      latest.current.onMoving(false);
    };
    // Shift or Ctrl may have been let go of first.
    const isOf = (action: MaskAction, code: string) => (latest.current.bindings[action] ?? []).some((chord) => chord.split("+").at(-1) === code);
    const onUp = (event: KeyboardEvent) => {
      if (isOf("hide", event.code)) latest.current.onHide(false);
      if (isOf("move", event.code)) latest.current.onMoving(false);
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
