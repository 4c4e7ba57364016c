/** How facts are spelled for people: closed lists in the language of the page, numbers as elsewhere. */
import type { Words } from "../../words/en";
import type { Fact, Row } from "./table";

export function spelled(fact: Fact, value: string | number | null | undefined, words: Words): string {
  if (value === null || value === undefined || value === "") return words.metadata.unknown;
  const text = String(value);
  if (fact === "stain") return words.stain[text] ?? text;
  if (fact === "diagnosis") return words.diagnosis[text] ?? text;
  if (fact === "sex") return words.metadata.sex[text] ?? text;
  if (fact === "age_band" && text === "unknown") return words.metadata.unknown;
  const number = Number(text);
  if (fact === "objective_magnification" && Number.isFinite(number)) return `${words.number(number)}×`;
  if (fact === "micrometres_per_pixel" && Number.isFinite(number)) return words.number(number);
  return text;
}

export const factName = (fact: Fact, words: Words): string => words.metadata.facts[fact] ?? fact;

export const rowName = ({ smear, number, setup }: Row, words: Words): string =>
  number === undefined ? `${smear.code}, ${setup.camera === "unknown" ? words.metadata.unknown : setup.camera}` : `${smear.code}, ${words.metadata.photograph(number)}`;

/** Whether a fact is written in Latin letters whatever the page's language is. */
export const isFree = (fact: Fact): boolean => !["stain", "diagnosis", "sex", "age_band"].includes(fact);
