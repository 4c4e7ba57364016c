/** The pages of curators, by what they are about. A page is one line here; its words are those of its own room. */
import type { ComponentType } from "react";

import type { Role } from "../../api/people";
import type { Words } from "../../words/en";
import { GapCount, ProgressCount, ReleaseCount } from "./counts";

export interface Place {
  href: string;
  name: (words: Words) => string;
  /** One sentence: what one does there. */
  meaning: (words: Words) => string;
  /** A number beside the name, where it costs little to know. */
  count?: ComponentType;
  /** Who may go there, where not all curators may. */
  role?: Role;
}

export interface Group {
  name: (words: Words) => string;
  places: readonly Place[];
}

export const GROUPS: readonly Group[] = [
  {
    name: ({ curate }) => curate.groups.photographs,
    places: [
      { href: "/metadata", name: ({ metadata }) => metadata.title, meaning: ({ metadata }) => metadata.meaning, count: GapCount },
      { href: "/capture", name: ({ capture }) => capture.title, meaning: ({ capture }) => capture.curate },
      { href: "/slides", name: ({ slides }) => slides.title, meaning: ({ slides }) => slides.meaning },
      { href: "/repeats", name: ({ repeats }) => repeats.title, meaning: ({ repeats }) => repeats.curate },
      { href: "/filters", name: ({ filters }) => filters.title, meaning: ({ filters }) => filters.curate },
    ],
  },
  {
    name: ({ curate }) => curate.groups.reading,
    places: [
      { href: "/progress", name: ({ progress }) => progress.title, meaning: ({ progress }) => progress.meaning, count: ProgressCount },
      { href: "/masks", name: ({ masks }) => masks.title, meaning: ({ curate }) => curate.masks },
    ],
  },
  {
    name: ({ curate }) => curate.groups.out,
    places: [
      { href: "/releases", name: ({ releases }) => releases.title, meaning: ({ releases }) => releases.meaning, count: ReleaseCount },
      { href: "/errata", name: ({ errata }) => errata.title, meaning: ({ errata }) => errata.curate },
    ],
  },
  {
    name: ({ curate }) => curate.groups.studio,
    places: [
      { href: "/jobs", name: ({ jobs }) => jobs.title, meaning: ({ jobs }) => jobs.meaning },
      { href: "/people", name: ({ people }) => people.title, meaning: ({ curate }) => curate.people },
      { href: "/audit", name: ({ audit }) => audit.title, meaning: ({ curate }) => curate.audit, role: "admin" },
    ],
  },
];

/** The groups with what a role may open; a group without any is left out. */
export function groupsFor(role: Role, groups: readonly Group[] = GROUPS): readonly Group[] {
  return groups
    .map((group) => ({ ...group, places: group.places.filter((place) => place.role === undefined || place.role === role) }))
    .filter((group) => group.places.length > 0);
}

/** Whether an address lies in one of the pages that only curators have. */
export function isCurating(path: string): boolean {
  return path === "/curate" || GROUPS.some(({ places }) => places.some(({ href }) => path === href || path.startsWith(`${href}/`)));
}
