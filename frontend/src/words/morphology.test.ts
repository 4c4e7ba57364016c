/** Every cell type of the taxonomies that come along is described in Persian, too. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { expect, test } from "vitest";

import { morphology as english } from "./morphology.en";
import { morphology } from "./morphology.fa";

const KEPT = resolve(__dirname, "../../../src/buffycoat/domain/taxonomies");

/** Key and English text of each term, in the newest edition. */
function described(name: string): [string, string][] {
  const text = readFileSync(resolve(KEPT, `${name}.toml`), "utf-8");
  return text
    .split(/^\[\[terms\]\]$/m)
    .slice(1)
    .map((term) => [/^key = "(.*)"$/m.exec(term)?.[1] ?? "", /^morphology = "(.*)"$/m.exec(term)?.[1] ?? ""]);
}

for (const [name, terms] of [
  ["raabin", 23],
  ["icsh", 38],
] as const) {
  test(`each term of ${name} has a Persian text that tells the same figures`, () => {
    const found = described(name);
    expect(found).toHaveLength(terms);
    for (const [key, text] of found) {
      const said = morphology.morphology(name, key) ?? "";
      expect(said, key).toMatch(/^[\p{Script_Extensions=Arabic}\p{P}\p{Zs}\u200cS]+[.؟]$/u);
      const figures = (text.match(/\d+/g) ?? []).map(Number);
      const persian = (said.match(/[۰-۹]+/g) ?? []).map((digits) => Number([...digits].map((digit) => "۰۱۲۳۴۵۶۷۸۹".indexOf(digit)).join("")));
      expect(persian, key).toEqual(figures);
      // Half a text would be half as long.
      expect(said.length, key).toBeGreaterThan(0.6 * text.length);
    }
  });
}

test("what a workspace keeps of its own speaks for itself, and English needs no other words", () => {
  expect(morphology.morphology("our-own", "monocyte")).toBeUndefined();
  expect(morphology.morphology("raabin", "unicorn")).toBeUndefined();
  expect(english.morphology("raabin", "monocyte")).toBeUndefined();
});
