/** A service that takes uploads, for tests: it keeps its own books, checks every digest, and the link to it can be cut. */
import { createHash } from "node:crypto";

import { UPLOADS } from "./tus";

const digestOf = (bytes: Uint8Array, how: "hex" | "base64") => createHash("sha256").update(bytes).digest(how);

interface Upload {
  about: Record<string, string>;
  length: number;
  bytes: Uint8Array;
  state: "receiving" | "received" | "arrived" | "repeat";
}

/** What comes back in place of the next answer to a method: an error by code and status, a dead link before or after the service did its part. */
type Trouble = { method: string; url?: string } & ({ code: string; status: number } | { cut: "before" | "after" });

export class FakeService {
  readonly uploads = new Map<string, Upload>();
  readonly asked: string[] = [];
  readonly pieces: number[] = [];
  readonly smears: unknown[] = [];
  /** What was said of the counting area after a field was there. */
  readonly counting: unknown[] = [];
  /** It cannot take photographs of this set-up: always an error of its own. */
  stumblesOver = "";
  /** When it did, by the client's own id of the photograph. */
  readonly stumbled = new Map<string, number[]>();
  /** Done while a request is on its way. */
  meanwhile: (method: string, url: string) => Promise<void> = () => Promise.resolve();
  person: string | null = "p1";
  troubles: Trouble[] = [];
  down = false;
  /** Bytes lie here whole, and nobody has looked at them. */
  stopsBeforeLooking = false;
  most = 0;
  private open = 0;

  readonly fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const method = init.method ?? "GET";
    this.asked.push(`${method} ${url}`);
    this.open += 1;
    this.most = Math.max(this.most, this.open);
    try {
      await this.meanwhile(method, url);
      if (init.signal?.aborted) throw new DOMException("aborted", "AbortError");
      if (this.down) throw new TypeError("no link");
      const index = this.troubles.findIndex((each) => each.method === method && (each.url ?? url) === url);
      const trouble = index < 0 || url === "/api/session" ? undefined : this.troubles.splice(index, 1)[0];
      if (trouble && "cut" in trouble && trouble.cut === "before") throw new TypeError("cut");
      if (trouble && "code" in trouble) return problem(trouble.status, trouble.code);
      const answer = this.answer(method, url, init);
      if (trouble) throw new TypeError("cut");
      return answer;
    } finally {
      this.open -= 1;
    }
  };

  private answer(method: string, url: string, init: RequestInit): Response {
    if (url === "/api/session") return json({ person: this.person === null ? null : { id: this.person } });
    if (url === "/api/captures/smears") {
      this.smears.push(JSON.parse(init.body as string));
      return json({ id: "smear-1" });
    }
    if (url.startsWith("/api/captures/fields/")) {
      const said = JSON.parse(init.body as string) as object;
      this.counting.push({ url, ...said });
      return json(said);
    }
    const headers = new Headers(init.headers);
    if (method !== "GET" && headers.get("Tus-Resumable") !== "1.0.0") return problem(412, "input");
    if (method === "POST") return this.begin(headers);
    const upload = this.uploads.get(url);
    if (!upload) return problem(404, "not-found");
    if (method === "DELETE") {
      this.uploads.delete(url);
      return new Response(null, { status: 204 });
    }
    if (method === "PATCH") return this.take(upload, url, headers, init.body as Uint8Array);
    return json(stateOf(url, upload));
  }

  private begin(headers: Headers): Response {
    const pairs = (headers.get("Upload-Metadata") ?? "").split(", ").map((pair) => pair.split(" ") as [string, string]);
    const about = Object.fromEntries(pairs.map(([key, value]) => [key, Buffer.from(value, "base64").toString()]));
    if (this.stumblesOver && about["preset"] === this.stumblesOver) {
      const client = about["client"] ?? "";
      this.stumbled.set(client, [...(this.stumbled.get(client) ?? []), Date.now()]);
      return problem(500, "error");
    }
    const url = `${UPLOADS}/${about["client"]}`;
    const known: Upload = this.uploads.get(url) ?? { about, length: Number(headers.get("Upload-Length")), bytes: new Uint8Array(0), state: "receiving" };
    // The newest word of the counting area holds until the photograph is whole.
    if (known.state === "receiving") known.about = about;
    const same = [...this.uploads].some(([other, each]) => other !== url && each.state === "arrived" && each.about["sha256"] === about["sha256"]);
    if (same) known.state = "repeat";
    this.uploads.set(url, known);
    const done = known.state === "arrived" || known.state === "repeat";
    return json(stateOf(url, known), done ? 200 : 201, { Location: `http://studio.example${url}`, "Upload-Offset": String(known.bytes.length) });
  }

  private take(upload: Upload, url: string, headers: Headers, body: Uint8Array): Response {
    if (headers.get("Content-Type") !== "application/offset+octet-stream") return problem(415, "input");
    if (body.length > 1024 * 1024) return problem(413, "upload-too-large");
    if (Number(headers.get("Upload-Offset")) !== upload.bytes.length) return problem(409, "wrong-offset", { "Upload-Offset": String(upload.bytes.length) });
    if (headers.get("Upload-Checksum") !== `sha256 ${digestOf(body, "base64")}`) return problem(460, "wrong-checksum");
    this.pieces.push(body.length);
    const bytes = new Uint8Array(upload.bytes.length + body.length);
    bytes.set(upload.bytes);
    bytes.set(body, upload.bytes.length);
    upload.bytes = bytes;
    if (bytes.length === upload.length && this.stopsBeforeLooking) {
      this.stopsBeforeLooking = false;
      upload.state = "received";
    } else if (bytes.length === upload.length) {
      if (digestOf(bytes, "hex") !== upload.about["sha256"]) {
        this.uploads.delete(url);
        return problem(422, "wrong-file");
      }
      upload.state = "arrived";
    }
    return new Response(null, { status: 204, headers: { "Upload-Offset": String(bytes.length) } });
  }

  /** What has arrived, by the client's own id. */
  arrived(): Upload[] {
    return [...this.uploads.values()].filter(({ state }) => state === "arrived");
  }
}

const stateOf = (url: string, { state, bytes, length }: Upload) => ({
  ...{ id: url, state, offset: bytes.length, length, smear_id: "smear-1" },
  ...{ field_id: state === "arrived" || state === "repeat" ? "field-1" : null, white_cells: state === "arrived" ? 3 : null },
});
const json = (body: unknown, status = 200, headers: Record<string, string> = {}) => new Response(JSON.stringify(body), { status, headers });
const problem = (status: number, code: string, headers: Record<string, string> = {}) => json({ code, status, detail: `${code} happened`, title: "", type: "about:blank" }, status, headers);
