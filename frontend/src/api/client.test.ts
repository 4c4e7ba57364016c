import { describe, expect, it } from "vitest";

import { serve } from "../testing";
import { address, cellPicture, Failure, getJson } from "./client";

describe("address", () => {
  it("fills in the parts, and leaves out what is not asked for", () => {
    expect(address("/api/smears/{smear_id}/fields", { smear_id: "a/b" }, { offset: 0, limit: null })).toBe(
      "/api/smears/a%2Fb/fields?offset=0",
    );
    expect(address("/api/cells", {}, { kept: false, term: "" })).toBe("/api/cells?kept=false");
  });
  it("asks for the kept crop where no side is given", () => {
    expect(cellPicture("c1")).toBe("/api/cells/c1/picture");
    expect(cellPicture("c1", 96)).toBe("/api/cells/c1/picture?side=96");
  });
});

describe("getJson", () => {
  const code = (url: string) =>
    getJson(url).then(
      () => "no failure",
      (reason: unknown) => (reason as Failure).problem.code,
    );
  it("returns what the service says", async () => {
    serve({ "/api/health": { status: "ok" } });
    expect(await getJson("/api/health")).toEqual({ status: "ok" });
  });
  it("turns every failure into a problem", async () => {
    serve({ "/api/overview": new TypeError("refused") });
    expect(await code("/api/overview")).toBe("offline");
    expect(await code("/api/nope")).toBe("not-found");
    globalThis.fetch = async () => new Response("<html>", { status: 502 });
    expect(await code("/api/overview")).toBe("broken");
    globalThis.fetch = async () => new Response('{"detail":"Not Found"}', { status: 404 });
    expect(await code("/api/overview")).toBe("broken");
  });
});
