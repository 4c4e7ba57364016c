/** How the front end asks the service: JSON both ways, every failure a Problem. */
import type { components, paths } from "./schema";

type Schemas = components["schemas"];
export type Box = Schemas["Box"];
export type Cell = Schemas["Cell"];
export type CellPage = Schemas["CellPage"];
export type Edge = Schemas["DuplicateEdge"];
export type CellView = Schemas["CellView"];
export type FieldPage = Schemas["FieldPage"];
export type FieldView = Schemas["FieldView"];
export type AgreementReport = Schemas["AgreementReport"];
export type AgreementRound = Schemas["AgreementRound"];
export type Funnel = Schemas["Funnel"];
export type QueryView = Schemas["QueryView"];
export type Release = Schemas["Release"];
export type Run = Schemas["Run"];
export type Scorecard = Schemas["Scorecard"];
export type Taxonomy = Schemas["Taxonomy"];
export type Term = Schemas["Term"];
export type Problem = Schemas["Problem"];

type Routes = {
  [P in keyof paths]: paths[P] extends { get: { responses: { 200: { content: { "application/json": infer T } } } } } ? T : never;
};
/** Routes that answer with JSON, and what they answer. */
export type Answers = { [P in keyof Routes as Routes[P] extends never ? never : P]: Routes[P] };
export type Route = keyof Answers;
export type Query = Record<string, string | number | boolean | null | undefined>;

/** An address below /api: the names in braces are taken from `parts`, empty query values are left out. */
export function address(route: keyof paths, parts: Record<string, string> = {}, query: Query = {}): string {
  const path = route.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parts[name] ?? ""));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

/** What a failed request is: the service's own problem, or one of ours with code `offline` or `broken`. */
export class Failure extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
    this.name = "Failure";
  }
}

const own = (code: "offline" | "broken", status: number): Failure =>
  new Failure({ type: "about:blank", title: "", status, detail: "", code, hint: "" });

/** An answer that makes no sense. */
export const broken = (): Failure => own("broken", 200);

/** Said on the window when the service does not answer, and when it does. */
export const UNREACHED = "buffycoat:unreached";
export const REACHED = "buffycoat:reached";

/** Said on the window when the service asks who we are: the frame then shows the page for signing in. */
export const SIGNED_OUT = "buffycoat:signed-out";

/** Said on the window when a sign-in that had ended was begun anew: what was refused meanwhile is worth another try. */
export const SIGNED_IN = "buffycoat:signed-in";

const isProblem = (body: unknown): body is Problem =>
  typeof body === "object" && body !== null && "code" in body && typeof body.code === "string" && "detail" in body && typeof body.detail === "string";

async function ask<T>(url: string, init: RequestInit): Promise<T> {
  const { signal } = init;
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (reason) {
    if (signal?.aborted) throw reason;
    window.dispatchEvent(new Event(UNREACHED));
    throw own("offline", 0);
  }
  window.dispatchEvent(new Event(REACHED));
  let body: unknown;
  try {
    body = await response.json();
  } catch (reason) {
    if (signal?.aborted) throw reason;
    throw own("broken", response.status);
  }
  if (response.ok) return body as T;
  // A proxy in between refuses in words of its own.
  const failure = isProblem(body) ? new Failure({ ...body, hint: body.hint ?? "" }) : own("broken", response.status);
  // A wrong password is a 401 too, and is no reason to go anywhere.
  if (response.status === 401 && !url.startsWith("/api/session")) window.dispatchEvent(new Event(SIGNED_OUT));
  throw failure;
}

export const getJson = <T>(url: string, signal?: AbortSignal): Promise<T> =>
  ask(url, { headers: { Accept: "application/json" }, ...(signal ? { signal } : {}) });

/** Ask the service to do something. The cookie goes along by itself; pages from elsewhere are refused by the service. */
export const sendJson = <T>(method: "POST" | "DELETE", url: string, body?: unknown, signal?: AbortSignal): Promise<T> =>
  ask(url, {
    method,
    headers: { Accept: "application/json", ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  });

/** Send a file as it is. */
export const sendBytes = <T>(url: string, body: Blob, signal?: AbortSignal): Promise<T> =>
  ask(url, { method: "POST", headers: { Accept: "application/json", "Content-Type": body.type }, body, ...(signal ? { signal } : {}) });

/** What went wrong, of anything that was thrown; what is no failure of a request is thrown on. */
export function problemOf(reason: unknown): Problem {
  if (reason instanceof Failure) return reason.problem;
  throw reason;
}

export const fieldPicture = (id: string, width: number): string =>
  address("/api/fields/{field_id}/picture", { field_id: id }, { width });

/** The address of a photograph's picture, or `null` where the photograph never came. */
export const photograph = (field: FieldView["field"], width: number): string | null =>
  field.digest === null ? null : fieldPicture(field.id, width);

/** The same of a cell's crop. */
export const cropOf = (cell: Cell, side?: number): string | null => (cell.crop === null ? null : cellPicture(cell.id, side));

/** The crop scaled to a side; without one, as it is kept, without loss. */
export const cellPicture = (id: string, side?: number): string =>
  address("/api/cells/{cell_id}/picture", { cell_id: id }, { side });

/** Two pictures of one cell beside each other, and the one laid upon the other. */
export const laidOver = (a: string, b: string): string =>
  address("/api/cells/{cell_id}/repeats/{other_id}/picture", { cell_id: a, other_id: b });
