/** Events that wait, as a file: to be kept elsewhere, and loaded again on this device or another one. */
import type { Queued } from "./kinds";

const FORM = "buffycoat-answers";

export const written = (events: readonly Queued[], now: string): string =>
  `${JSON.stringify({ form: FORM, version: 2, saved_at: now, events }, null, 1)}\n`;

type Fields = Record<string, unknown>;
type Test = (value: unknown) => boolean;

const isText: Test = (value) => typeof value === "string";
const isName: Test = (value) => isText(value) && value !== "";
const isMoment: Test = (value) => isText(value) && !Number.isNaN(Date.parse(value as string));
const isNumber: Test = (value) => Number.isFinite(value);
const isFlag: Test = (value) => typeof value === "boolean";
const oneOf = (...names: string[]): Test => (value) => names.includes(value as string);
const isLengths: Test = (value) => Array.isArray(value) && value.every((each) => Number.isInteger(each) && each >= 0);
const orNull = (test: Test): Test => (value) => value === null || test(value);
const made = (tests: Record<string, Test>): Test => (value) =>
  typeof value === "object" && value !== null && Object.entries(tests).every(([name, test]) => test((value as Fields)[name]));

const opinion = { term: orNull(isText), comment: isText };
const place = { at: isText, mine: isFlag };
const EVERY = { event: isName, person: isName, handle: isName, given_at: isMoment };
/** What each kind of event holds; nothing else of a file is taken in. */
const HOLDS: Record<Queued["what"], Record<string, Test>> = {
  answer: {
    ...EVERY,
    ...{ round: isName, item: isName, place: Number.isInteger, seconds: orNull(isNumber), after: made(opinion), before: made(opinion) },
    kind: oneOf("answer", "undo", "redo"),
  },
  label: {
    ...EVERY,
    ...{ batch: isName, cell: isName, taxonomy: isName, look: oneOf("gallery", "page"), from: made(place), to: made(place) },
    kind: oneOf("label", "undo", "redo"),
  },
  decision: { ...EVERY, ...{ round: isName, item: isName, term: orNull(isName), reason: isText, seconds: orNull(isNumber) } },
  mask: {
    ...EVERY,
    ...{ cell: isName, method: isName, threshold: orNull(Number.isInteger), strokes: isText, seconds: isNumber },
    ...{ nucleus: orNull(isLengths), cell_mask: orNull(isLengths), failure: orNull(oneOf("touching", "blur", "granules", "cut")) },
  },
  box: {
    ...EVERY,
    ...{ field: isName, box: isName, act: oneOf("add", "move", "remove", "accept", "reset", "type"), term: orNull(isText) },
    place: orNull((value) => Array.isArray(value) && value.length === 4 && value.every(isNumber)),
  },
};
/** What lies deeper is taken in by name, too. */
const INNER: Fields = { after: opinion, before: opinion, from: place, to: place };

const only = (names: readonly string[], value: Fields): Fields =>
  Object.fromEntries(names.map((name) => [name, name in INNER ? only(Object.keys(INNER[name] as Fields), value[name] as Fields) : value[name]]));

function eventOf(value: unknown): Queued | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  // Before there were several kinds, all were answers.
  const { what = "answer" } = value as Fields;
  if (!Object.hasOwn(HOLDS, what as string)) return undefined;
  const tests = HOLDS[what as Queued["what"]];
  if (!made(tests)(value)) return undefined;
  return { what, ...only(Object.keys(tests), value as Fields), state: "waiting", refusal: "" } as unknown as Queued;
}

/** The events of a file, all to be sent; `undefined` where it is none of ours, or any of it is broken. */
export function readEvents(text: string): Queued[] | undefined {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof read !== "object" || read === null || (read as Fields)["form"] !== FORM) return undefined;
  const { events } = read as Fields;
  if (!Array.isArray(events)) return undefined;
  const found = events.map(eventOf);
  return found.every((each) => each !== undefined) ? found : undefined;
}
