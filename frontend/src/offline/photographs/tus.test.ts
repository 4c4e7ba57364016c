import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Failure } from "../../api/client";
import { FakeService } from "./service.testing";
import { asHex, countedSha256 } from "./sha256";
import { send, UPLOADS } from "./tus";

const KIB = 1024;
const picture = (length: number) => Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 10)) & 255);
let service: FakeService;

beforeEach(() => {
  service = new FakeService();
  vi.stubGlobal("fetch", service.fetch);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Send, with every pause over at once. */
async function sent(bytes: Uint8Array<ArrayBuffer>, over: { sha256?: string; signal?: AbortSignal; onProgress?: (offset: number) => void } = {}) {
  const { signal = new AbortController().signal, onProgress = () => undefined, sha256 = asHex(countedSha256(bytes)) } = over;
  let ended = false;
  const result = send({ bytes, about: () => ({ client: "c1", smear: "s1", sha256, preset: "", taken: "2026-11-23" }), onProgress, signal }).then(
    (state) => ({ state }),
    (reason: unknown) => ({ reason }),
  );
  void result.then(() => (ended = true));
  while (!ended) await vi.advanceTimersByTimeAsync(1_000);
  return result as Promise<{ state?: { state: string; field_id: string | null }; reason?: unknown }>;
}
const isSame = (found: Uint8Array | undefined, wanted: Uint8Array) => found !== undefined && Buffer.from(found).equals(wanted);
const codeOf = (reason: unknown) => (reason instanceof Failure ? reason.problem.code : reason);

test("a photograph goes in pieces that grow to a mebibyte, each once, and arrives as it is", async () => {
  const bytes = picture(3_000 * KIB);
  const seen: number[] = [];
  const { state } = await sent(bytes, { onProgress: (offset) => seen.push(offset) });
  expect(state).toMatchObject({ state: "arrived", field_id: "field-1" });
  expect(service.pieces).toEqual([256, 512, 1024, 1024, 184].map((size) => size * KIB));
  expect(seen).toEqual([0, 256, 768, 1792, 2816, 3000].map((size) => size * KIB));
  const [upload] = service.arrived();
  expect(isSame(upload?.bytes, bytes)).toBe(true);
  // What is empty is not said.
  expect(upload?.about).toEqual({ client: "c1", smear: "s1", sha256: asHex(countedSha256(bytes)), taken: "2026-11-23" });
});

test.each(["before", "after"] as const)("a link that is cut %s the service wrote is gone on with where the service stands", async (cut) => {
  const bytes = picture(900 * KIB);
  service.troubles = [
    { method: "POST", cut },
    { method: "PATCH", cut },
    { method: "GET", cut },
  ];
  const { state } = await sent(bytes);
  expect(state?.state).toBe("arrived");
  expect(isSame(service.arrived()[0]?.bytes, bytes)).toBe(true);
  // Each byte once.
  expect(service.pieces.reduce((sum, size) => sum + size, 0)).toBe(bytes.length);
  expect(service.troubles).toEqual([]);
});

test.each([
  { code: "wrong-offset", status: 409 },
  { code: "wrong-checksum", status: 460 },
  { code: "upload-busy", status: 423 },
  { code: "not-found", status: 404 },
  { code: "starting", status: 503 },
])("$code is mended by asking where the service stands", async ({ code, status }) => {
  service.troubles = [{ method: "PATCH", code, status }];
  expect((await sent(picture(400 * KIB))).state?.state).toBe("arrived");
  expect(service.asked.filter((each) => each === `POST ${UPLOADS}`)).toHaveLength(2);
});

test("after three tries without any progress it is left for later; progress in between counts anew", async () => {
  service.down = true;
  expect(codeOf((await sent(picture(KIB))).reason)).toBe("offline");
  expect(service.asked).toHaveLength(3);
  service.down = false;
  // Six cuts, but each after another piece.
  service.troubles = Array.from({ length: 6 }, () => ({ method: "PATCH", cut: "after" as const }));
  expect((await sent(picture(2_000 * KIB))).state?.state).toBe("arrived");
});

test.each([
  { code: "conflict", status: 409 },
  { code: "upload-too-large", status: 413 },
  { code: "unreadable-image", status: 422 },
  { code: "disk-full", status: 507 },
  { code: "forbidden", status: 403 },
])("$code is told at once", async ({ code, status }) => {
  service.troubles = [{ method: "POST", code, status }];
  expect(codeOf((await sent(picture(KIB))).reason)).toBe(code);
  expect(service.asked).toHaveLength(1);
});

test("a whole that is another one is sent once more, and then refused", async () => {
  expect(codeOf((await sent(picture(KIB), { sha256: "0".repeat(64) })).reason)).toBe("wrong-file");
  expect(service.pieces).toEqual([KIB, KIB]);
});

test("what is all there and was not looked at is looked at for a piece of nothing", async () => {
  service.stopsBeforeLooking = true;
  expect((await sent(picture(KIB))).state?.state).toBe("arrived");
  expect(service.pieces).toEqual([KIB, 0]);
});

test("what is there already is not sent", async () => {
  await sent(picture(KIB));
  const before = service.pieces.length;
  expect((await sent(picture(KIB))).state?.state).toBe("arrived");
  expect(service.pieces).toHaveLength(before);
});

test("stopped, it stops: nothing is tried again", async () => {
  const stop = new AbortController();
  const { reason } = await sent(picture(2_000 * KIB), { signal: stop.signal, onProgress: (offset) => offset > 0 && stop.abort() });
  expect(reason).toMatchObject({ name: "AbortError" });
  expect(service.pieces).toHaveLength(1);
});
