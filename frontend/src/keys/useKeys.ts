/** Keys that work wherever the focus is, by their place on the keyboard, so that a Persian layout works too. */
import { useEffect, useRef } from "react";

export type Keys = Record<string, (event: KeyboardEvent) => void>;

const TYPING = "input, textarea, select, [contenteditable], [role=listbox], [role=slider]";

/**
 * Call a function when its key goes down. Names are those of `KeyboardEvent.code`; a name that starts with `=` is
 * compared with `KeyboardEvent.key` instead, for signs that stand elsewhere on other keyboards.
 *
 * Keys with Ctrl, Alt or Meta belong to the browser, and keys in a dialog to the dialog, unless `inDialog`.
 */
export function useKeys(down: Keys, { up = {}, inDialog = false }: { up?: Keys; inDialog?: boolean } = {}): void {
  const latest = useRef({ down, up });
  useEffect(() => {
    latest.current = { down, up };
  });
  useEffect(() => {
    const handle = (which: "down" | "up") => (event: KeyboardEvent) => {
      const target = event.target instanceof Element ? event.target : null;
      if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
      if (target?.closest(TYPING)) return;
      if (!inDialog && document.querySelector("[role=dialog]")) return;
      const act = latest.current[which][event.code] ?? latest.current[which][`=${event.key}`];
      act?.(event);
    };
    const onDown = handle("down");
    const onUp = handle("up");
    window.addEventListener("keydown", onDown);
    window.addEventListener("keyup", onUp);
    return () => {
      window.removeEventListener("keydown", onDown);
      window.removeEventListener("keyup", onUp);
    };
  }, [inDialog]);
}
