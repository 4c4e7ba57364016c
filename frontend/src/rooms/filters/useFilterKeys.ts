/** The keys of the page on which a filter is trained, by their place on the keyboard. */
import { useEffect } from "react";

import { useKeys } from "../../keys/useKeys";

export interface FilterKeys {
  onAdd: () => void;
  onRemove: () => void;
  onUndo: () => void;
  onGrow: (by: number) => void;
  /** Move the chosen box by so many pixels; whether there is one. */
  onNudge: (dx: number, dy: number) => boolean;
  onStep: (by: 1 | -1) => void;
  onHide: (hidden: boolean) => void;
  onZoom: (how: "in" | "out" | "fit") => void;
  onCancel: () => void;
}

const FAR = 10;

export function useFilterKeys(keys: FilterKeys): void {
  const nudge = (dx: number, dy: number) => (event: KeyboardEvent) => {
    const times = event.shiftKey ? FAR : 1;
    if (keys.onNudge(dx * times, dy * times)) event.preventDefault();
  };
  const grow = (by: number) => (event: KeyboardEvent) => keys.onGrow(by * (event.shiftKey ? FAR : 1));
  useKeys(
    {
      KeyN: keys.onAdd,
      Delete: keys.onRemove,
      Backspace: keys.onRemove,
      KeyU: keys.onUndo,
      BracketLeft: grow(-1),
      BracketRight: grow(1),
      ArrowLeft: nudge(-1, 0),
      ArrowRight: nudge(1, 0),
      ArrowUp: nudge(0, -1),
      ArrowDown: nudge(0, 1),
      KeyF: () => keys.onStep(1),
      KeyD: () => keys.onStep(-1),
      KeyH: () => keys.onHide(true),
      "=+": () => keys.onZoom("in"),
      "==": () => keys.onZoom("in"),
      NumpadAdd: () => keys.onZoom("in"),
      "=-": () => keys.onZoom("out"),
      NumpadSubtract: () => keys.onZoom("out"),
      Digit0: () => keys.onZoom("fit"),
      Numpad0: () => keys.onZoom("fit"),
      Escape: keys.onCancel,
    },
    { up: { KeyH: () => keys.onHide(false) } },
  );
  const { onHide } = keys;
  useEffect(() => {
    const letGo = () => onHide(false);
    window.addEventListener("blur", letGo);
    return () => window.removeEventListener("blur", letGo);
  }, [onHide]);
}
