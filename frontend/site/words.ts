/** The words of the page in the language that was chosen, and names of classes and values in it. */
import { morphology as persian } from "../src/words/morphology.fa";
import { SAID, type About } from "./data";
import { kept } from "./dom";
import { NAMES_FA } from "./names.fa";
import { en, type Words } from "./words.en";
import { fa } from "./words.fa";

export type { Words };

const ALL: Record<string, Words> = { en, fa };

export function language(): Words {
  const chosen = kept.get("language") || navigator.language.slice(0, 2);
  return ALL[chosen] ?? en;
}

export function otherLanguage(words: Words): void {
  kept.set("language", words.locale === "fa" ? "en" : "fa");
}

export const number = (words: Words, count: number): string => new Intl.NumberFormat(words.locale).format(count);

/** A size of files, in the units of disks. */
export function size(words: Words, bytes: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
  let value = bytes;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  const digits = { maximumFractionDigits: value < 10 && unit ? 1 : 0 };
  return new Intl.NumberFormat(words.locale, { style: "unit", unit: units[unit] ?? "byte", ...digits }).format(value);
}

/** What people read for a key of a term. */
export function termName(words: Words, about: About, key: string): string {
  const persianName = words.locale === "fa" && (about.taxonomy.startsWith("raabin") || about.taxonomy.startsWith("icsh"));
  return (persianName ? NAMES_FA[key] : undefined) ?? about.words[key] ?? key;
}

/** How a class looks, in the language of the page where it is known. */
export function looks(words: Words, about: About, key: string, told: string | undefined): string {
  const own = words.locale === "fa" ? persian.morphology(about.taxonomy.split("@")[0] ?? "", key) : undefined;
  return own ?? told ?? "";
}

/** What people read for a value of a facet. */
export function valueName(words: Words, about: About, facet: string, value: string): string {
  const known = words.values[facet]?.[value];
  if (known !== undefined) return known;
  if (facet === "class") return termName(words, about, value);
  if (facet === "sharpness") return words.sharp(Number(value) - 1, about.bounds.map((bound) => number(words, bound)));
  if (facet === SAID) return value.split(" ").map((key) => (key === "none" ? words.cell.noAnswer : termName(words, about, key))).join(" / ");
  return value;
}
