import { createHash } from "node:crypto";

import { expect, test } from "vitest";

import { asBase64, asHex, countedSha256, sha256 } from "./sha256";

const some = (length: number) => Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8)) & 255);
const wanted = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

test.each([0, 1, 3, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000, 300_001])("the digest of %i bytes is the one that everybody counts", async (length) => {
  const bytes = some(length);
  expect(asHex(countedSha256(bytes))).toBe(wanted(bytes));
  expect(asHex(await sha256(bytes))).toBe(wanted(bytes));
  // A part of something larger begins somewhere inside.
  expect(asHex(countedSha256(bytes.subarray(length >> 1)))).toBe(wanted(bytes.slice(length >> 1)));
});

test("without TLS a browser has no digests of its own, and the page counts them", async () => {
  const before = globalThis.crypto;
  Object.defineProperty(globalThis, "crypto", { value: {}, configurable: true });
  try {
    expect(asHex(await sha256(some(100)))).toBe(wanted(some(100)));
  } finally {
    Object.defineProperty(globalThis, "crypto", { value: before, configurable: true });
  }
});

test("base64 of bytes above 127", () => {
  expect(asBase64(Uint8Array.of(255, 254, 0, 1))).toBe("//4AAQ==");
});
