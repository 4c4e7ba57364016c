/** What this device remembers of photographing, so that the page opens as it was left, also without a connection. */
import { useCallback, useState } from "react";

import { useJson } from "../../api/resource";
import type { Counting, SmearChoice } from "../../offline/photographs/photograph";
import { type Preset, presetsUrl, type Smear, smearsUrl } from "./api";

export type Ghost = "none" | "left" | "right" | "up" | "down";

export interface Remembered {
  smear: SmearChoice | null;
  preset: string | null;
  counting: Counting;
  /** When the question for the counting area was answered last, in photographs taken since. */
  since: number;
  ghost: Ghost;
  camera: string;
}

const CHOICES = "buffycoat.capture.";
const LISTS = "buffycoat.captures.";
const FRESH: Remembered = { smear: null, preset: null, counting: "unsaid", since: 0, ghost: "none", camera: "" };

function read<T>(name: string): T | undefined {
  try {
    return (JSON.parse(localStorage.getItem(name) ?? "null") as T | null) ?? undefined;
  } catch {
    return undefined;
  }
}

function keep(name: string, value: unknown): void {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // A full device forgets it with the page.
  }
}

/** The choices of one person on this device. */
export function useRemembered(person: string): [Remembered, (now: Partial<Remembered>) => void] {
  const name = CHOICES + person;
  const [choices, setChoices] = useState<Remembered>(() => ({ ...FRESH, ...read<Partial<Remembered>>(name) }));
  const choose = useCallback(
    (now: Partial<Remembered>) =>
      setChoices((before) => {
        const after = { ...before, ...now };
        keep(name, after);
        return after;
      }),
    [name],
  );
  return [choices, choose];
}

/** A list of the service; without a connection, the one it told last. */
function useList<T>(person: string, url: string): { list: readonly T[]; retry: () => void } {
  const name = `${LISTS}${person} ${url}`;
  const { data, retry } = useJson<T[]>(url);
  const [before] = useState(() => read<T[]>(name) ?? []);
  if (data && JSON.stringify(data) !== JSON.stringify(read<T[]>(name))) keep(name, data);
  return { list: data ?? before, retry };
}

export const useSmears = (person: string) => useList<Smear>(person, smearsUrl);
export const usePresets = (person: string) => useList<Preset>(person, presetsUrl);
