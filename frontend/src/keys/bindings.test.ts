import { expect, it } from "vitest";

import type { Taxonomy } from "../api/client";
import { conflicts, defaults, keepBindings, keptBindings, lookup, parentOf, readBindings, rebind, unbind, writeBindings } from "./bindings";
import { chordOf, isTaken, shifted, shown } from "./chords";

const term = (key: string, parent: string | null, kind: string, hotkey = "") => ({ key, name: key, parent, kind, hotkey });
const taxonomy = {
  name: "raabin",
  version: 1,
  levels: {},
  terms: [
    term("element", null, "root"),
    term("lymphocyte", "element", "leukocyte"),
    term("lymphocyte.small", "lymphocyte", "leukocyte", "4"),
    term("smudge", "element", "remnant", "3"),
    term("not-recognized", "element", "undecided", "."),
    term("not-centered", "element", "defect"),
  ],
} as unknown as Taxonomy;

const press = (code: string, over: object = {}) => ({ code, key: "", ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, ...over });

it("takes classes from the taxonomy: numpad, digits row, and X where nothing is recognized", () => {
  const acts = lookup(defaults(taxonomy));
  for (const key of ["Numpad4", "Digit4"]) expect(acts.get(key)).toBe("term:lymphocyte.small");
  for (const key of ["NumpadDecimal", "KeyX"]) expect(acts.get(key)).toBe("term:not-recognized");
  expect(acts.get("NumpadAdd")).toBe("term:not-centered");
  expect(acts.get("NumpadSubtract")).toBe("notWhite");
  expect(conflicts(defaults(taxonomy)).size).toBe(0);
});

it("knows keys by their place, and Shift even where Windows hides it", () => {
  expect(chordOf(press("KeyZ", { key: "ظ", ctrlKey: true, shiftKey: true }))).toBe("Ctrl+Shift+KeyZ");
  expect(chordOf(press("Space", { ctrlKey: true }))).toBe("Ctrl+Space");
  expect(chordOf(press("ShiftLeft", { shiftKey: true }))).toBeUndefined();
  const locked = { getModifierState: (name: string) => name === "NumLock" };
  expect(shifted(press("Numpad4", { key: "ArrowLeft", ...locked }))).toBe(true);
  expect(shifted(press("Numpad4", { key: "4", ...locked }))).toBe(false);
  // With NumLock off an arrow is all that a numpad ever says.
  expect(shifted(press("Numpad4", { key: "ArrowLeft", getModifierState: () => false }))).toBe(false);
  expect([shown("Ctrl+Shift+KeyZ"), shown("NumpadDecimal"), shown("Digit7")]).toEqual(["Ctrl Shift Z", "Num .", "7"]);
  expect([isTaken("Ctrl+KeyW"), isTaken("Tab"), isTaken("KeyW")]).toEqual([true, true, false]);
});

it("finds the class above, and nothing above that", () => {
  expect(parentOf(taxonomy, "lymphocyte.small")?.key).toBe("lymphocyte");
  expect(parentOf(taxonomy, "smudge")).toBeUndefined();
});

it("shows conflicts, and keeps a person's keys with the taxonomy", () => {
  const changed = rebind(defaults(taxonomy), "term:smudge", "KeyF");
  expect([...conflicts(changed)]).toEqual([["KeyF", ["next", "term:smudge"]]]);
  expect(lookup(changed).get("KeyF")).toBe("term:smudge");
  const solved = unbind(changed, "next", "KeyF");
  expect(conflicts(solved).size).toBe(0);
  keepBindings(taxonomy, solved);
  expect(keptBindings(taxonomy)).toEqual(solved);
  keepBindings(taxonomy, null);
  expect(keptBindings(taxonomy)).toEqual(defaults(taxonomy));
});

it("reads its own files, and no others", () => {
  const keys = defaults(taxonomy);
  expect(readBindings(writeBindings("raabin", keys))).toEqual(keys);
  expect([readBindings("{}"), readBindings("no JSON")]).toEqual([undefined, undefined]);
  expect(readBindings(JSON.stringify({ form: "buffycoat-keys", keys: { next: ["Ctrl+KeyW", "KeyG", 3] } }))).toEqual({ next: ["KeyG"] });
});
