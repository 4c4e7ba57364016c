/** The release that a curator is at: choices, what was looked at, and what still keeps it from being sealed. */
import type { components } from "../../api/schema";

type Schemas = components["schemas"];
export type ReleaseChoice = Schemas["ReleaseChoice"];
export type ReleaseChoices = Schemas["ReleaseChoices"];
export type ReleasePreview = Schemas["ReleasePreview"];
export type ReleaseTable = Schemas["ReleaseTable"];
export type ReleaseDiff = Schemas["ReleaseDiff"];
export type Finding = Schemas["WhatWouldTell"];
export type About = Schemas["ReleaseAbout"];

export const STEPS = ["cells", "about", "privacy", "tables", "seal"] as const;
export type Step = (typeof STEPS)[number];
export const stepOf = (text: string | null): Step => STEPS.find((step) => step === text) ?? "cells";

/** Kept on the device, for one person. */
export interface Draft {
  choice: ReleaseChoice;
  /** Findings that were ticked as looked at. */
  seen: readonly string[];
  /** The preview that was worked out, and of which choices. */
  preview?: { key: string; of: string } | undefined;
  /** A job that works one out. */
  job?: { id: string; of: string } | undefined;
}

const NO_ABOUT: About = { title: "", license: "", terms_of_use: "", ethics: "", contributors: [], citation: "", contact: "", description: "", published: "", url: "" };
export const FIRST: ReleaseChoice = {
  version: "1",
  about: NO_ABOUT,
  query: "double-labeled",
  level: "five-class",
  rule: "film",
  seed: 0,
  formats: [],
  allow_leaks: false,
  withhold: [],
  minimum_group: 5,
  reviewed: [],
};

/** The next version after those that are sealed: the last number in the newest, one higher. */
export function nextVersion(versions: readonly string[]): string {
  const newest = versions.at(-1);
  if (newest === undefined) return "1";
  const found = /^(.*?)(\d+)(\D*)$/.exec(newest);
  if (!found) return `${newest}-2`;
  let number = Number(found[2]);
  let next: string;
  do {
    number += 1;
    next = `${found[1]}${number}${found[3]}`;
  } while (versions.includes(next));
  return next;
}

/** A new draft: the answers of the last release, another version, and nothing looked at. */
export function beginning(choices: ReleaseChoices): Draft {
  const { last } = choices;
  return {
    choice: {
      ...FIRST,
      ...(last ?? {}),
      about: { ...NO_ABOUT, ...(last?.about ?? {}), published: "" },
      formats: [...(last?.formats.length ? last.formats : choices.formats)],
      allow_leaks: false,
      reviewed: [],
      version: nextVersion(choices.versions),
    },
    seen: [],
  };
}

const keptAs = (person: string): string => `buffycoat.release.${person}`;

export function readDraft(person: string): Draft | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(keptAs(person)) ?? "null") as Draft | null;
    if (!kept || typeof kept.choice?.version !== "string") return undefined;
    return { ...kept, choice: { ...FIRST, ...kept.choice, about: { ...NO_ABOUT, ...kept.choice.about } }, seen: kept.seen ?? [] };
  } catch {
    return undefined;
  }
}

export const writeDraft = (person: string, draft: Draft): void => localStorage.setItem(keptAs(person), JSON.stringify(draft));
export const dropDraft = (person: string): void => localStorage.removeItem(keptAs(person));

/** All that a preview rests on: another version or one more tick needs no new look at all pictures. */
export const restsOn = ({ version: _, reviewed: __, ...rest }: ReleaseChoice): string => JSON.stringify(rest);

export const findingKey = ({ kind, where, found }: Finding): string => `${kind}\n${where}\n${found}`;

/** Whether a finding keeps the release from being sealed: a person may say of writing alone that it tells of nobody. */
export const isSettled = (finding: Finding, draft: Draft): boolean =>
  finding.may_review === true && finding.id !== null && finding.id !== undefined && (draft.choice.reviewed ?? []).includes(finding.id) && draft.seen.includes(findingKey(finding));

/** Tick a finding or take the tick back. What a person has looked at and found harmless goes along by its id. */
export function ticked(draft: Draft, finding: Finding, findings: readonly Finding[], on: boolean): Draft {
  const key = findingKey(finding);
  const seen = on ? [...new Set([...draft.seen, key])] : draft.seen.filter((each) => each !== key);
  // A picture is searched no more once its id goes along, so all that was found in it must have been looked at.
  const reviewed = [
    ...new Set(findings.filter((each) => each.may_review && each.id).map((each) => each.id as string)),
  ].filter((id) => findings.filter((each) => each.id === id && each.may_review).every((each) => seen.includes(findingKey(each))));
  const elsewhere = (draft.choice.reviewed ?? []).filter((id) => !findings.some((each) => each.id === id));
  return { ...draft, seen, choice: { ...draft.choice, reviewed: [...elsewhere, ...reviewed].sort() } };
}

export const MISSING = ["license or terms_of_use", "ethics", "contributors", "citation"] as const;

/** What the users of a release must be told and are not, in the words of the service. */
export function missingOf(about: About): string[] {
  const said = (text: string | undefined) => (text ?? "").trim() !== "";
  const here = [said(about.license) || said(about.terms_of_use), said(about.ethics), (about.contributors ?? []).some(said), said(about.citation)];
  return MISSING.filter((_, at) => !here[at]);
}

export type Hurdle = "about" | "preview" | "stale" | "leaks" | "findings" | "more" | "version";

/** What is still to do before the sealing, in the order of the steps. */
export function hurdles(draft: Draft, choices: ReleaseChoices, preview: ReleasePreview | undefined): Hurdle[] {
  const found: Hurdle[] = [];
  if (missingOf(draft.choice.about ?? NO_ABOUT).length > 0) found.push("about");
  if (!preview || !draft.preview) found.push("preview");
  else if (draft.preview.of !== restsOn(draft.choice)) found.push("stale");
  else {
    if (preview.refused) found.push("leaks");
    if (preview.findings.some((finding) => !isSettled(finding, draft))) found.push("findings");
    if (preview.told > preview.findings.length) found.push("more");
  }
  if (!/^[\p{L}\p{N}][\p{L}\p{N}.-]{0,63}$/u.test(draft.choice.version) || choices.versions.includes(draft.choice.version)) found.push("version");
  return found;
}

/** The step in which something is mended. */
export const stepFor: Readonly<Record<Hurdle, Step>> = { about: "about", preview: "privacy", stale: "privacy", leaks: "cells", findings: "privacy", more: "privacy", version: "seal" };
