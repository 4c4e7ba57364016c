/** What was counted in this sitting, and how fast. */
import type { Taxonomy } from "../../api/client";
import type { LabelEvent } from "../../offline/events";

const SITTING_ENDS_MS = 30 * 60_000;
const PACE_OF = 20;
/** Bells of a differential count: a hundred leukocytes, and two. */
const BELLS = [100, 200];

export interface Tally {
  counts: ReadonlyMap<string, number>;
  total: number;
  leukocytes: number;
  /** Answers in a minute, of the last twenty; `undefined` where there are too few. */
  pace: number | undefined;
}

/** Count the answers that stand, from the first one after a break of half an hour. */
export function tallyOf(done: readonly LabelEvent[], taxonomy: Taxonomy): Tally {
  const times = done.map(({ given_at }) => Date.parse(given_at));
  let start = done.length;
  while (start > 0 && (start === done.length || (times[start] ?? 0) - (times[start - 1] ?? 0) < SITTING_ENDS_MS)) start -= 1;
  const standing = new Map<string, string>();
  for (const { item, after } of done.slice(start)) {
    if (after.term === null) standing.delete(item);
    else standing.set(item, after.term);
  }
  const kinds = new Map(taxonomy.terms.map(({ key, kind }) => [key, kind]));
  const counts = new Map<string, number>();
  let leukocytes = 0;
  for (const term of standing.values()) {
    counts.set(term, (counts.get(term) ?? 0) + 1);
    if (kinds.get(term) === "leukocyte") leukocytes += 1;
  }
  const last = times.slice(Math.max(start, times.length - PACE_OF));
  const span = (last.at(-1) ?? 0) - (last[0] ?? 0);
  const pace = last.length >= 5 && span > 0 ? ((last.length - 1) / span) * 60_000 : undefined;
  return { counts, total: standing.size, leukocytes, pace };
}

/** The bell that rings when a count comes from `before` to `now`. */
export const bell = (before: number, now: number): number | undefined => BELLS.find((each) => before < each && now >= each);

let sound: AudioContext | undefined;

/** A short tone. Browsers allow sound once a key was pressed, which it was. */
export function ring(hertz: number, seconds: number): void {
  if (typeof AudioContext === "undefined") return;
  sound ??= new AudioContext();
  const [tone, loudness] = [sound.createOscillator(), sound.createGain()];
  tone.frequency.value = hertz;
  loudness.gain.setValueAtTime(0.15, sound.currentTime);
  loudness.gain.exponentialRampToValueAtTime(0.001, sound.currentTime + seconds);
  tone.connect(loudness).connect(sound.destination);
  tone.start();
  tone.stop(sound.currentTime + seconds);
}
