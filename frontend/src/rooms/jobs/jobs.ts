/** What the service tells of long work, and how a page reads it. */
import { address } from "../../api/client";
import type { components } from "../../api/schema";
import type { Words } from "../../words/en";

type Schemas = components["schemas"];
export type Job = Schemas["Job"];
export type JobEvent = Schemas["JobEvent"];
export type JobKind = Schemas["JobKind"];
export type JobPage = Schemas["JobPage"];
export type JobState = Schemas["JobState"];

export const AT_ONCE = 50;
export const kindsUrl = "/api/jobs/kinds";
export const startUrl = "/api/jobs";
export const jobUrl = (id: string): string => address("/api/jobs/{job_id}", { job_id: id });
export const cancelUrl = (id: string): string => address("/api/jobs/{job_id}/cancel", { job_id: id });
export const logUrl = (id: string, after: number): string => address("/api/jobs/{job_id}/log", { job_id: id }, { after });
export const jobsUrl = (before?: string): string => address("/api/jobs", {}, { before, limit: AT_ONCE });

/** Whether something may still happen to it. */
export const isOpen = ({ state }: Pick<Job, "state">): boolean => state === "waiting" || state === "running";

/** How far it is, from 0 to 1; `undefined` where nobody knows yet. */
export const shareOf = ({ done, total }: Pick<Job, "done" | "total">): number | undefined =>
  total !== undefined && total > 0 ? Math.min(1, (done ?? 0) / total) : undefined;

/** One thing that a job can be told, as its form asks for it. */
export type Asked =
  | { name: string; is: "choice"; options: readonly string[]; usual: string }
  | { name: string; is: "whether"; usual: boolean }
  | { name: string; is: "number" }
  | { name: string; is: "smear" };

interface Property {
  type?: string;
  enum?: readonly unknown[];
  default?: unknown;
  anyOf?: readonly { type?: string }[];
}

/** The questions of a kind, read off the schema of its parameters; what has no form of its own here is left as usual. */
export function askedBy({ schema }: Pick<JobKind, "schema">): readonly Asked[] {
  const properties = (schema.properties ?? {}) as Record<string, Property>;
  return Object.entries(properties).flatMap(([name, property]): Asked[] => {
    // One smear on one set-up is searched from its own page, where both are known.
    if (name === "smear") return "capture" in properties ? [] : [{ name, is: "smear" }];
    if (property.enum) return [{ name, is: "choice", options: property.enum.map(String), usual: String(property.default ?? property.enum[0]) }];
    if (property.type === "boolean") return [{ name, is: "whether", usual: property.default === true }];
    const types = property.anyOf?.map(({ type }) => type) ?? [property.type];
    return types.includes("integer") ? [{ name, is: "number" }] : [];
  });
}

/** What is so where nobody says otherwise. */
const USUAL: Readonly<Record<string, unknown>> = { border: "pad", method: "registered" };
const isSilent = (name: string, value: unknown): boolean => value === null || value === false || value === USUAL[name] || (Array.isArray(value) && value.length === 0);

/** What a job was told beside what is usual: names and values. */
export const toldOf = ({ parameters }: Pick<Job, "parameters">): readonly (readonly [string, string])[] =>
  Object.entries(parameters).flatMap(([name, value]) => (isSilent(name, value) ? [] : [[name, value === true ? "" : Array.isArray(value) ? value.join(", ") : String(value)] as const]));

/** What came of a job: numbers by name, those inside of others too. */
export function countsOf({ result }: Pick<Job, "result">): readonly (readonly [string, number])[] {
  const counted: (readonly [string, number])[] = [];
  const walk = (name: string, value: unknown): void => {
    if (typeof value === "number") counted.push([name, value]);
    else if (typeof value === "object" && value !== null && !Array.isArray(value)) for (const [key, inner] of Object.entries(value)) walk(name === "" ? key : `${name}.${key}`, inner);
  };
  walk("", result ?? {});
  return counted;
}

const LEADS: Readonly<Record<string, string>> = { detect: "/cells", clean: "/cells", ingest: "/", segment: "/masks", publish: "/releases" };

/** Where what was made can be looked at: as the result says, or the page of its kind. */
export function linkOf({ kind, result, state }: Pick<Job, "kind" | "result" | "state">): string | undefined {
  if (state !== "done") return undefined;
  const named = result?.["href"];
  return typeof named === "string" && /^\/(?!\/)/.test(named) ? named : LEADS[kind];
}

/** Seconds that it took, or takes so far. */
export function secondsOf({ began_at, ended_at }: Pick<Job, "began_at" | "ended_at">, now: number): number | undefined {
  if (!began_at) return undefined;
  return Math.max(0, (ended_at ? Date.parse(ended_at) : now) - Date.parse(began_at)) / 1000;
}

/** The name of a kind, of what one is told, of what was counted: in the language of the page, else as it is. */
export const kindName = (kind: string, { jobs }: Words): string => jobs.kind[kind]?.name ?? kind;
