/** Which key does what on the Label screen: defaults from the taxonomy, a person's own in their browser. */
import type { Taxonomy, Term } from "../api/client";
import { type Chord, isTaken } from "./chords";

export const TOOLS = [
  "undo",
  "redo",
  "next",
  "previous",
  "forward",
  "back",
  "skip",
  "field",
  "zoom",
  "fit",
  "comment",
  "reference",
  "other",
  "notWhite",
] as const;
export type Tool = (typeof TOOLS)[number];
/** A tool, or a class as `term:` and its key. */
export type Action = Tool | `term:${string}`;
export type Bindings = Readonly<Record<string, readonly Chord[]>>;

const TOOL_KEYS: Record<Tool, readonly Chord[]> = {
  undo: ["Ctrl+KeyZ"],
  redo: ["Ctrl+Shift+KeyZ", "Ctrl+KeyY"],
  next: ["KeyF"],
  previous: ["KeyD"],
  forward: ["KeyV"],
  back: ["KeyC"],
  skip: ["Ctrl+Space"],
  field: ["Space"],
  zoom: ["KeyZ"],
  fit: ["Shift+KeyZ"],
  comment: ["KeyA"],
  reference: ["KeyR"],
  other: ["KeyO"],
  notWhite: ["NumpadSubtract", "Minus"],
};

const SIGN_CODES: Record<string, readonly Chord[]> = {
  ".": ["NumpadDecimal", "Period", "KeyX"],
  "+": ["NumpadAdd", "Equal"],
  "-": ["NumpadSubtract", "Minus"],
  "*": ["NumpadMultiply"],
  "/": ["NumpadDivide", "Slash"],
};

export const termAction = (key: string): Action => `term:${key}`;
export const termOf = (action: string): string | undefined => (action.startsWith("term:") ? action.slice(5) : undefined);

function codesOf(hotkey: string): readonly Chord[] {
  if (/^\d$/.test(hotkey)) return [`Numpad${hotkey}`, `Digit${hotkey}`];
  if (/^[a-z]$/i.test(hotkey)) return [`Key${hotkey.toUpperCase()}`];
  return SIGN_CODES[hotkey] ?? [];
}

/** The taxonomy's own keys. Where nothing has `+`, it is for a picture that cannot be judged. */
export function defaults(taxonomy: Taxonomy): Bindings {
  const bound: Record<string, readonly Chord[]> = { ...TOOL_KEYS };
  const used = new Set<string>();
  for (const term of taxonomy.terms) {
    if (!term.hotkey) continue;
    bound[termAction(term.key)] = codesOf(term.hotkey);
    used.add(term.hotkey);
  }
  const defect = taxonomy.terms.find(({ kind, hotkey }) => kind === "defect" && !hotkey);
  if (defect && !used.has("+")) bound[termAction(defect.key)] = codesOf("+");
  // The class itself has the key then, and with Shift the list of what else it is.
  if (used.has("-")) bound["notWhite"] = ["Shift+NumpadSubtract", "Shift+Minus"];
  return bound;
}

/** The actions that have one key in common, and that key. */
export function conflicts(bindings: Bindings): Map<Chord, string[]> {
  const users = new Map<Chord, string[]>();
  for (const [action, chords] of Object.entries(bindings)) {
    for (const chord of chords) users.set(chord, [...(users.get(chord) ?? []), action]);
  }
  return new Map([...users].filter(([, actions]) => actions.length > 1));
}

/** What each key does. Of two actions with one key the class comes first: keys never do nothing. */
export function lookup(bindings: Bindings): ReadonlyMap<Chord, Action> {
  const acts = new Map<Chord, Action>();
  const entries = Object.entries(bindings) as [Action, readonly Chord[]][];
  for (const [action, chords] of [...entries.filter(([each]) => !termOf(each)), ...entries.filter(([each]) => termOf(each))]) {
    for (const chord of chords) acts.set(chord, action);
  }
  return acts;
}

/** Give a key to an action; `from` is replaced, other users of the key keep it and are told as a conflict. */
export function rebind(bindings: Bindings, action: string, chord: Chord, from?: Chord): Bindings {
  const now = bindings[action] ?? [];
  const next = from === undefined ? [...now, chord] : now.map((each) => (each === from ? chord : each));
  return { ...bindings, [action]: [...new Set(next)] };
}

export const unbind = (bindings: Bindings, action: string, chord: Chord): Bindings => ({
  ...bindings,
  [action]: (bindings[action] ?? []).filter((each) => each !== chord),
});

/** The term above, for "sure of no more than that"; the root says nothing. */
export function parentOf(taxonomy: Taxonomy, key: string): Term | undefined {
  const term = taxonomy.terms.find((each) => each.key === key);
  const parent = taxonomy.terms.find((each) => each.key === term?.parent);
  return parent && parent.parent !== null ? parent : undefined;
}

const FORM = "buffycoat-keys";
const keptAs = (taxonomy: string): string => `buffycoat.keys.${taxonomy}`;

export const writeBindings = (taxonomy: string, keys: Bindings): string =>
  JSON.stringify({ form: FORM, version: 1, taxonomy, keys }, null, 2);

/** Bindings from a file, or `undefined` where it is none of ours. Keys that the browser keeps are left out. */
export function readBindings(text: string): Bindings | undefined {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof read !== "object" || read === null || (read as { form?: unknown }).form !== FORM) return undefined;
  const keys: unknown = (read as { keys?: unknown }).keys;
  if (typeof keys !== "object" || keys === null) return undefined;
  const sound = (chords: unknown): readonly Chord[] =>
    Array.isArray(chords) ? chords.filter((each): each is Chord => typeof each === "string" && !isTaken(each)) : [];
  return Object.fromEntries(Object.entries(keys).map(([action, chords]) => [action, sound(chords)]));
}

export function keptBindings(taxonomy: Taxonomy): Bindings {
  const kept = readBindings(localStorage.getItem(keptAs(taxonomy.name)) ?? "");
  return { ...defaults(taxonomy), ...kept };
}

/** Keep a person's own; `null` goes back to the taxonomy's. */
export function keepBindings(taxonomy: Taxonomy, bindings: Bindings | null): void {
  if (bindings === null) localStorage.removeItem(keptAs(taxonomy.name));
  else localStorage.setItem(keptAs(taxonomy.name), writeBindings(taxonomy.name, bindings));
}
