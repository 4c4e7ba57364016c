/** A problem in the language of the page: what happened, what to do, and what the service says of it. */
import type { Problem } from "../api/client";
import type { Said } from "./errors.en";
import type { Words } from "./en";
import { SAID } from "./said.fa";

/** Sentences of the service in the languages that are not its own. */
const TRANSLATED: Readonly<Record<string, Readonly<Record<string, string | Said>>>> = { fa: SAID };

export interface Telling {
  what: string;
  /** The service's own sentence, where it is in the language of the page. */
  exact: string;
  todo: string;
  /** The same where it is not: for those who pass it on. */
  technical: string;
  code: string;
}

/** The sentence of what was wrong, without what was expected and found. */
export const wrongOf = (detail: string): string => detail.split(/: (?:expected|found) /, 1)[0] ?? "";

const patterns = new Map<string, RegExp>();
function fits(sentence: string, pattern: string): boolean {
  const known = patterns.get(pattern) ?? new RegExp(`^${pattern.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("…", ".*")}$`);
  patterns.set(pattern, known);
  return known.test(sentence);
}

/** A sentence of the service in another language; `undefined` where it is none that we know. */
export function translated(detail: string, locale: string): Said | undefined {
  const said = TRANSLATED[locale] ?? {};
  const sentence = wrongOf(detail);
  // Word for word first: `…` stands for almost anything.
  const found = said[sentence] ?? Object.entries(said).find(([pattern]) => pattern.includes("…") && fits(sentence, pattern))?.[1];
  return typeof found === "string" ? { what: found, todo: "" } : found;
}

/** A sentence that the service is known to say, told in the language of the page; `undefined` of any other. */
export function knownSentence(detail: string, { locale, errors }: Words): string | undefined {
  const wrong = wrongOf(detail);
  if (!Object.hasOwn(SAID, wrong) || wrong.includes("…")) return undefined;
  if (errors.native) return sentence(wrong);
  const said = translated(wrong, locale);
  return said && [said.what, said.todo].map(sentence).join(" ").trim();
}

/** A word as words are; the name of a file, a setting or an address stays as it is written. */
const WORD = /^[a-z][a-z'’-]*(?=[\s:;,.!?…]*(?:\s|$))/;

/** A sentence begins with a capital and ends with a stop, wherever it comes from. */
export function sentence(text: string): string {
  const whole = text.trim();
  if (whole === "") return "";
  const begun = WORD.test(whole) ? whole.slice(0, 1).toUpperCase() + whole.slice(1) : whole;
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}

export function tell({ code, detail, hint }: Problem, { locale, errors, state, offline }: Words): Telling {
  const nothing = { exact: "", technical: "", code: "" };
  if (code === "offline") return { ...nothing, what: state.offline, todo: `${state.offlineDetail} ${state.offlineHint}` };
  if (code === "broken") return { ...nothing, what: state.broken, todo: state.offlineHint };
  if (code === "other-person") return { ...nothing, what: offline.otherPerson, todo: "" };
  const general = errors.of[code] ?? errors.of.error ?? { what: state.broken, todo: "" };
  if (errors.native) return { what: general.what, exact: sentence(detail), todo: sentence(hint) || general.todo, technical: "", code };
  const said = translated(detail, locale) ?? general;
  return { ...said, exact: "", technical: [detail, hint].map(sentence).filter(Boolean).join(" "), code };
}

/** What happened in a few words, for a mark. */
export const inShort = (problem: Problem, words: Words): string => tell(problem, words).what;

/** The same of what the service did not take, of which only its sentence, or its code, was kept. */
export function refusalOf(refusal: string, { locale, errors }: Words): string {
  const byCode = errors.of[refusal]?.what;
  if (byCode !== undefined) return byCode;
  if (errors.native) return refusal;
  return translated(refusal, locale)?.what ?? errors.of.input?.what ?? refusal;
}
