/** The keys of the Label screen: a digit is a class, a letter is a tool, whatever layout the keyboard has. */
import { useEffect, useRef } from "react";

import { type Action, type Tool, termOf } from "./bindings";
import { type Chord, chordOf, shifted } from "./chords";

const TYPING = "input, textarea, select, [contenteditable], [role=listbox], [role=slider], [role=menu]";
const PRESSED_BY_SPACE = "button, a[href], summary, [role=button]";
/** May come again and again while the key is held. */
const REPEATING: readonly Action[] = ["next", "previous", "forward", "back"];

export interface LabelKeys {
  acts: ReadonlyMap<Chord, Action>;
  /** `parent`: Shift was held, which says "sure of no more than the class above". */
  onTerm: (key: string, parent: boolean) => void;
  onTool: (tool: Tool, held: boolean) => void;
  onSheet: () => void;
  rtl: boolean;
  off: boolean;
}

export function useLabelKeys(keys: LabelKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    let holding = false;
    const release = () => {
      if (holding) latest.current.onTool("field", false);
      holding = false;
    };
    const onDown = (event: KeyboardEvent) => {
      const { acts, onTerm, onTool, onSheet, rtl, off } = latest.current;
      const target = event.target instanceof Element ? event.target : null;
      if (off || event.defaultPrevented || target?.closest(TYPING) || document.querySelector("[role=dialog]")) return;
      if (event.key === "?" || event.key === "؟" || event.code === "F1") {
        event.preventDefault();
        onSheet();
        return;
      }
      const chord = chordOf(event);
      if (chord === undefined) return;
      if (chord === "Space" && target?.closest(PRESSED_BY_SPACE)) return;
      let act = acts.get(chord);
      let parent = false;
      if (act === undefined && shifted(event)) {
        act = acts.get(chordOf(event, { shift: false }) ?? "");
        parent = true;
        if (act === undefined || termOf(act) === undefined) return;
      }
      // Arrows go as the page is read; they are no letters, and stay what they are.
      if (act === undefined && chord === "ArrowRight") act = rtl ? "previous" : "next";
      if (act === undefined && chord === "ArrowLeft") act = rtl ? "next" : "previous";
      if (act === undefined) return;
      event.preventDefault();
      if (event.repeat && !REPEATING.includes(act)) return;
      const term = termOf(act);
      if (term !== undefined) onTerm(term, parent);
      else {
        holding = act === "field";
        onTool(act as Tool, true);
      }
    };
    const onUp = (event: KeyboardEvent) => {
      if (holding && latest.current.acts.get(event.code) === "field") {
        event.preventDefault();
        release();
      }
    };
    window.addEventListener("keydown", onDown);
    window.addEventListener("keyup", onUp);
    window.addEventListener("blur", release);
    return () => {
      window.removeEventListener("keydown", onDown);
      window.removeEventListener("keyup", onUp);
      window.removeEventListener("blur", release);
    };
  }, []);
}
