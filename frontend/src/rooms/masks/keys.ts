/** Which key does what on the masks screen: the usual ones, and a person's own in their browser. */
import { type Bindings, readBindings, writeBindings } from "../../keys/bindings";
import { type Chord, shown } from "../../keys/chords";

const USUAL = {
  next: ["KeyF"],
  previous: ["KeyD"],
  failed: ["KeyX"],
  undo: ["Ctrl+KeyZ"],
  redo: ["Ctrl+Shift+KeyZ", "Ctrl+KeyY"],
  brush: ["KeyB"],
  erase: ["KeyE"],
  outline: ["KeyO"],
  toggle: ["KeyK"],
  nucleus: ["KeyN"],
  cell: ["KeyC"],
  lock: ["KeyL"],
  smooth: ["KeyM"],
  smaller: ["BracketLeft"],
  larger: ["BracketRight"],
  draft: ["KeyR"],
  trim: ["KeyT"],
  grow: ["KeyG"],
  hide: ["KeyH"],
  beside: ["KeyS"],
  zoom: ["KeyZ"],
  zoomOut: [],
  fit: ["Shift+KeyZ"],
  move: ["Space"],
  up1: ["Period"],
  down1: ["Comma"],
  up5: ["Shift+Period"],
  down5: ["Shift+Comma"],
  up10: ["PageUp"],
  down10: ["PageDown"],
  up20: ["Shift+PageUp"],
  down20: ["Shift+PageDown"],
} as const satisfies Record<string, readonly Chord[]>;

/** What a key can be given to. */
export type MaskAction = keyof typeof USUAL;
export const ACTIONS = Object.keys(USUAL) as readonly MaskAction[];
export const usualKeys: Bindings = USUAL;

/** Levels by which an action moves the threshold. */
export const stepOf = (action: MaskAction): number | undefined => {
  const found = /^(up|down)(\d+)$/.exec(action);
  return found ? (found[1] === "up" ? 1 : -1) * Number(found[2]) : undefined;
};

/** The name under which keys are kept and written to a file, beside those of taxonomies. */
export const KEYS_NAME = "masks";
const KEPT_AS = `buffycoat.keys-of.${KEYS_NAME}`;

export function keptKeys(): Bindings {
  return { ...usualKeys, ...readBindings(localStorage.getItem(KEPT_AS) ?? "") };
}

/** Keep a person's own; `null` goes back to the usual ones. */
export function keepKeys(bindings: Bindings | null): void {
  if (bindings === null) localStorage.removeItem(KEPT_AS);
  else localStorage.setItem(KEPT_AS, writeBindings(KEYS_NAME, bindings));
}

/** The first key of an action as it stands on the keyboard; nothing where it has none. */
export const keyOf = (bindings: Bindings, action: MaskAction): string => {
  const [first] = bindings[action] ?? [];
  return first === undefined ? "" : shown(first);
};
