/**
 * A photograph is sent in pieces that can be gone on with after a cut: the protocol tus 1.0.0 with creation and checksum
 * (https://tus.io/protocols/resumable-upload). Each piece carries its own digest, and the whole the one of all.
 */
import { broken, Failure, type Problem, problemOf, REACHED, SIGNED_OUT, UNREACHED } from "../../api/client";
import { asBase64, sha256 } from "./sha256";
import type { Bytes } from "./strip/bytes";

export interface UploadState {
  id: string;
  state: "receiving" | "received" | "arrived" | "repeat";
  offset: number;
  length: number;
  smear_id: string;
  field_id: string | null;
  white_cells: number | null;
}

export interface Sending {
  bytes: Bytes;
  /** What is said of it now: client, smear, sha256 and more; what is empty is left out. Asked anew with each try. */
  about: () => Readonly<Record<string, string>>;
  /** How much the service has. */
  onProgress: (offset: number, upload: string) => void;
  signal: AbortSignal;
}

export const UPLOADS = "/api/captures/uploads";
const VERSION = { "Tus-Resumable": "1.0.0" };
const LEAST = 64 * 1024;
const FIRST = 256 * 1024;
const MOST = 1024 * 1024;
/** A piece that went so quickly may be followed by a larger one. */
const QUICK_MS = 1_500;
/** After so long without an answer a link is taken for dead. */
const PATIENCE_MS = 90_000;
const TRIES = 3;
const PAUSE_MS = 1_000;

/** Errors that another try of the same upload may mend, without anybody doing anything. */
const passing = ({ status, code }: Problem): boolean =>
  code === "offline" || code === "broken" || code === "wrong-offset" || code === "upload-busy" || code === "too-many-requests" || code === "wrong-checksum" || status === 502 || status === 503 || status === 504;

const own = (code: string, status: number): Failure => new Failure({ type: "about:blank", title: "", status, detail: "", code, hint: "" });
const isProblem = (body: unknown): body is Problem => typeof body === "object" && body !== null && typeof (body as Problem).code === "string";

async function failureOf(response: Response): Promise<Failure> {
  const body: unknown = await response.json().catch(() => undefined);
  if (response.status === 401) window.dispatchEvent(new Event(SIGNED_OUT));
  if (isProblem(body)) return new Failure({ ...body, detail: body.detail ?? "", hint: body.hint ?? "" });
  // A proxy in between refuses in words of its own.
  return own("broken", response.status);
}

async function call(url: string, init: RequestInit, signal: AbortSignal): Promise<Response> {
  signal.throwIfAborted();
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  const stop = () => patience.abort();
  signal.addEventListener("abort", stop, { once: true });
  let response: Response;
  try {
    response = await fetch(url, { ...init, signal: patience.signal });
  } catch (reason) {
    if (signal.aborted) throw reason;
    window.dispatchEvent(new Event(UNREACHED));
    throw own("offline", 0);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
  window.dispatchEvent(new Event(REACHED));
  return response;
}

/** The value of a header that is a whole number. */
function offsetOf(response: Response): number {
  const offset = Number(response.headers.get("Upload-Offset") ?? Number.NaN);
  if (!Number.isInteger(offset) || offset < 0) throw broken();
  return offset;
}

const encoded = (about: Readonly<Record<string, string>>): string =>
  Object.entries(about)
    .filter(([, value]) => value !== "")
    .map(([key, value]) => `${key} ${asBase64(new TextEncoder().encode(value))}`)
    .join(", ");

interface Begun {
  /** Where the pieces go; nothing where the photograph is there already. */
  upload: string;
  offset: number;
  state: UploadState;
}

/** Say what comes. Said again, the same place is told, and how much is there. */
async function begin({ bytes, about, signal }: Sending): Promise<Begun> {
  const headers = { ...VERSION, Accept: "application/json", "Upload-Length": String(bytes.length), "Upload-Metadata": encoded(about()) };
  const response = await call(UPLOADS, { method: "POST", headers }, signal);
  if (!response.ok) throw await failureOf(response);
  const state = (await response.json().catch(() => {
    throw broken();
  })) as UploadState;
  const place = response.headers.get("Location") ?? "";
  const upload = place.replace(/^https?:\/\/[^/]+/, "");
  if (response.status === 201 && !upload.startsWith(`${UPLOADS}/`)) throw broken();
  return { upload, offset: response.status === 200 ? bytes.length : offsetOf(response), state };
}

async function piece({ bytes, signal }: Sending, upload: string, offset: number, size: number): Promise<number> {
  const body = bytes.slice(offset, offset + size);
  const headers = {
    ...VERSION,
    Accept: "application/json",
    "Content-Type": "application/offset+octet-stream",
    "Upload-Offset": String(offset),
    "Upload-Checksum": `sha256 ${asBase64(await sha256(body))}`,
  };
  const response = await call(upload, { method: "PATCH", headers, body }, signal);
  if (!response.ok) throw await failureOf(response);
  return offsetOf(response);
}

async function stateOf(upload: string, signal: AbortSignal): Promise<UploadState> {
  const response = await call(upload, { headers: { Accept: "application/json" } }, signal);
  if (!response.ok) throw await failureOf(response);
  return (await response.json().catch(() => {
    throw broken();
  })) as UploadState;
}

const hasArrived = ({ state }: UploadState): boolean => state === "arrived" || state === "repeat";

/** One try: from where the service stands to the end. */
async function once(sending: Sending, size: { now: number }): Promise<UploadState> {
  const { bytes, onProgress, signal } = sending;
  const begun = await begin(sending);
  if (hasArrived(begun.state)) return begun.state;
  let { offset } = begun;
  onProgress(offset, begun.upload);
  while (offset < bytes.length) {
    const since = Date.now();
    offset = await piece(sending, begun.upload, offset, size.now);
    onProgress(offset, begun.upload);
    if (Date.now() - since < QUICK_MS) size.now = Math.min(MOST, size.now * 2);
  }
  let state = await stateOf(begun.upload, signal);
  if (state.state === "received") {
    // All is there, but the service was stopped before it looked: a piece of nothing asks it to.
    await piece(sending, begun.upload, bytes.length, 0);
    state = await stateOf(begun.upload, signal);
  }
  if (!hasArrived(state)) throw broken();
  return state;
}

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });

/** Send a photograph: three tries in a row without any progress, each after a longer pause, then the error is thrown. */
export async function send(sending: Sending): Promise<UploadState> {
  const size = { now: FIRST };
  let reached = 0;
  let tries = 0;
  let again = false;
  const watched: Sending = {
    ...sending,
    onProgress: (offset, upload) => {
      if (offset > reached) tries = 0;
      reached = Math.max(reached, offset);
      sending.onProgress(offset, upload);
    },
  };
  for (;;) {
    try {
      return await once(watched, size);
    } catch (reason) {
      if (sending.signal.aborted) throw reason;
      const problem = problemOf(reason);
      tries += 1;
      // What was put together there is not what was sent: all is sent once more, but not for ever.
      const anew: boolean = problem.code === "wrong-file" && !again;
      again ||= anew;
      if (anew) reached = 0;
      const gone = problem.status === 404 && tries < TRIES;
      if ((!passing(problem) && !anew && !gone) || tries >= TRIES) throw reason;
      size.now = Math.max(LEAST, Math.floor(size.now / 2));
      await pause(PAUSE_MS * 2 ** (tries - 1), sending.signal);
      if (sending.signal.aborted) throw reason;
    }
  }
}

/** Give a half upload up; where that fails, the service forgets it by itself after days. */
export async function giveUp(upload: string): Promise<void> {
  await fetch(upload, { method: "DELETE", headers: { ...VERSION, Accept: "application/json" } }).catch(() => undefined);
}
