/** Keys by their place on the keyboard, with what is held beside them, as one word: `Ctrl+Shift+KeyZ`, `Numpad5`. */

export type Chord = string;

interface Pressed {
  code: string;
  key: string;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  getModifierState?: (name: string) => boolean;
}

/**
 * Whether Shift is held. Windows hides it from a numpad with NumLock on, and sends the key's other meaning instead:
 * an arrow or `Clear` from a numpad that is locked to digits is Shift and the digit.
 */
export function shifted(event: Pressed): boolean {
  if (event.shiftKey) return true;
  const digit = /^Numpad(\d|Decimal)$/.test(event.code);
  return digit && /^[A-Z][a-z]/.test(event.key) && event.key !== "Unidentified" && event.getModifierState?.("NumLock") === true;
}

/** The key with Ctrl (or Command) and, unless left out, Shift. Alt belongs to the browser. */
export function chordOf(event: Pressed, { shift = true }: { shift?: boolean } = {}): Chord | undefined {
  if (event.altKey || event.code === "" || /^(Shift|Control|Alt|Meta)/.test(event.code)) return undefined;
  const held = [event.ctrlKey || event.metaKey ? "Ctrl" : "", shift && shifted(event) ? "Shift" : ""];
  return [...held.filter(Boolean), event.code].join("+");
}

const SIGNS: Record<string, string> = {
  Period: ".",
  Comma: ",",
  Slash: "/",
  Minus: "−",
  Equal: "=",
  Space: "␣",
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Backquote: "`",
  Semicolon: ";",
  Quote: "'",
  BracketLeft: "[",
  BracketRight: "]",
  Backslash: "\\",
  NumpadDecimal: "Num .",
  NumpadAdd: "Num +",
  NumpadSubtract: "Num −",
  NumpadMultiply: "Num *",
  NumpadDivide: "Num /",
  NumpadEnter: "Num ↵",
};

/** What stands on the key, as on a keyboard of Latin letters. */
export function shown(chord: Chord): string {
  const parts = chord.split("+");
  const code = parts.pop() ?? "";
  const name = SIGNS[code] ?? code.replace(/^(Key|Digit)/, "").replace(/^Numpad/, "Num ");
  return [...parts, name].join(" ");
}

/** The shortest way to show a class's keys on its button: the digit or sign itself, once. */
export function cap(chords: readonly Chord[]): string {
  const names = chords.map((chord) => shown(chord).replace("Num ", ""));
  return [...new Set(names)].slice(0, 2).join(" ");
}

/** Keys that the browser or the system keeps for itself, or that a page must leave alone. */
export const isTaken = (chord: Chord): boolean =>
  /^(Ctrl\+(Shift\+)?(KeyW|KeyT|KeyN|Tab|KeyR|KeyL|Digit\d|KeyP|KeyF|KeyS|KeyC|KeyV|KeyX|KeyA)|(Shift\+)?(Tab|Escape|Enter|F\d+|CapsLock|NumLock|ContextMenu)|Shift\+Slash)$/.test(chord);
