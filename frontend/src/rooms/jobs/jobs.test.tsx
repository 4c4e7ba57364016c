import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";

import { Speech } from "../../words/words";
import { fa } from "../../words/fa";
import { en } from "../../words/en";
import { JobLine } from "./JobLine";
import { askedBy, countsOf, isOpen, type Job, linkOf, secondsOf, shareOf, toldOf } from "./jobs";

const job = (over: Partial<Job> = {}): Job => ({
  id: "j1",
  kind: "detect",
  parameters: { side: 96, border: "pad", again: false },
  by: "e1",
  handle: "carla",
  asked_at: "2026-01-02T03:04:05Z",
  state: "running",
  stopping: false,
  room: "detect",
  done: 12,
  total: 48,
  result: null,
  problem: null,
  attempts: 1,
  worker: "w:1",
  lease_until: "2026-01-02T03:05:05Z",
  began_at: "2026-01-02T03:04:06Z",
  ended_at: null,
  ...over,
});
const done = job({ state: "done", result: { done: 46, before: 2 }, ended_at: "2026-01-02T03:04:16Z" });

describe("what a page reads off a job", () => {
  it("knows how far it is, and how long it took", () => {
    expect(shareOf(job())).toBe(0.25);
    expect(shareOf(job({ done: 60 }))).toBe(1);
    expect(shareOf(job({ total: 0 }))).toBeUndefined();
    expect([isOpen(job()), isOpen(job({ state: "waiting" })), isOpen(done)]).toEqual([true, true, false]);
    expect(secondsOf(done, 0)).toBe(10);
    expect(secondsOf(job(), Date.parse("2026-01-02T03:05:06Z"))).toBe(60);
    expect(secondsOf(job({ began_at: null }), 0)).toBeUndefined();
  });
  it("tells what was told, and leaves out what says nothing", () => {
    expect(toldOf(job({ parameters: { side: null, again: true, border: "shift", method: "registered", terms: [], fast: false } }))).toEqual([
      ["again", ""],
      ["border", "shift"],
    ]);
  });
  it("finds counts inside of what came, and nothing else", () => {
    expect(countsOf(job({ result: { findings: { ok: 6, fault: 0 }, href: "/releases/1", parts: [1] } }))).toEqual([
      ["findings.ok", 6],
      ["findings.fault", 0],
    ]);
    expect(countsOf(job())).toEqual([]);
  });
  it("leads to what was made, never out of the studio", () => {
    expect(linkOf(done)).toBe("/cells");
    expect(linkOf(job())).toBeUndefined();
    expect(linkOf(job({ kind: "publish", state: "done", result: { href: "/releases/1" } }))).toBe("/releases/1");
    for (const href of ["https://elsewhere.example/", "//elsewhere.example/", 7]) expect(linkOf(job({ kind: "other", state: "done", result: { href } }))).toBeUndefined();
  });
  it("asks what a schema asks", () => {
    const whole = { anyOf: [{ type: "integer" }, { type: "null" }], default: null };
    const properties = { side: whole, border: { enum: ["pad", "shift"], default: "pad", type: "string" }, again: { type: "boolean", default: false }, smear: { anyOf: [{ type: "string" }, { type: "null" }] }, terms: { type: "array" } };
    expect(askedBy({ schema: { properties } })).toEqual([
      { name: "side", is: "number" },
      { name: "border", is: "choice", options: ["pad", "shift"], usual: "pad" },
      { name: "again", is: "whether", usual: false },
      { name: "smear", is: "smear" },
    ]);
  });
  it("has a word in both languages for each thing that happens", () => {
    const act = Object.keys(en.jobs.act);
    expect(Object.keys(fa.jobs.act)).toEqual(act);
    expect(Object.keys(fa.jobs.kind).sort()).toEqual(Object.keys(en.jobs.kind).sort());
    expect(Object.keys(fa.jobs.parameter).sort()).toEqual(Object.keys(en.jobs.parameter).sort());
    expect(Object.keys(fa.jobs.count).sort()).toEqual(Object.keys(en.jobs.count).sort());
  });
});

/** A service that gives one answer after the other; the last stays. */
function answering(...answers: Job[]): { asked: string[] } {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
    asked.push(`${init?.method ?? "GET"} ${url}`);
    const next = answers.length > 1 ? answers.shift() : answers[0];
    return new Response(JSON.stringify(next), { status: 200 });
  });
  return { asked };
}
const line = (props: Partial<Parameters<typeof JobLine>[0]> = {}) =>
  render(
    <Speech>
      <JobLine id="j1" {...props} />
    </Speech>,
  );
let hidden = false;
const hide = (whether: boolean): void => {
  hidden = whether;
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  act(() => void document.dispatchEvent(new Event("visibilitychange")));
};
afterEach(() => {
  vi.useRealTimers();
  hide(false);
});

describe("a line of a job", () => {
  it("asks each second while it runs, says so once when it is done, and asks no more", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { asked } = answering(job({ done: 12 }), job({ done: 30 }), done);
    const ended = vi.fn();
    line({ onDone: ended });
    await act(() => vi.advanceTimersByTimeAsync(10));
    expect(screen.getByRole("progressbar")).toHaveProperty("value", 0.25);
    expect(screen.getByText("photographs searched: 12 of 48")).toBeTruthy();
    await act(() => vi.advanceTimersByTimeAsync(1000));
    expect(screen.getByText("photographs searched: 30 of 48")).toBeTruthy();
    await act(() => vi.advanceTimersByTimeAsync(1000));
    expect(screen.queryByRole("progressbar")).toBeNull();
    expect(screen.getByText("took 10 seconds")).toBeTruthy();
    expect(ended).toHaveBeenCalledExactlyOnceWith(done);
    await act(() => vi.advanceTimersByTimeAsync(60_000));
    expect(asked).toEqual(["GET /api/jobs/j1", "GET /api/jobs/j1", "GET /api/jobs/j1"]);
  });
  it("asks nothing while nobody looks, and at once when somebody does", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { asked } = answering(job());
    line();
    await act(() => vi.advanceTimersByTimeAsync(10));
    hide(true);
    await act(() => vi.advanceTimersByTimeAsync(60_000));
    const before = asked.length;
    expect(before).toBe(1);
    hide(false);
    await act(() => vi.advanceTimersByTimeAsync(10));
    expect(asked.length).toBe(before + 1);
  });
  it("asks nothing of one that was told to have ended", async () => {
    const { asked } = answering(done);
    line({ first: done });
    expect(screen.getByText("took 10 seconds")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "End it" })).toBeNull();
    expect(asked).toEqual([]);
  });
  it("ends a job, and says that it is ending", async () => {
    const { asked } = answering(job(), job({ stopping: true }));
    line({ first: job() });
    fireEvent.click(await screen.findByRole("button", { name: "End it" }));
    await waitFor(() => expect(screen.getByRole("button", { name: "is ending…" })).toHaveProperty("disabled", true));
    expect(asked.filter((each) => each.startsWith("POST"))).toEqual(["POST /api/jobs/j1/cancel"]);
  });
  it("says why one failed, and of a lost worker in words of its own", () => {
    answering(done);
    const problem = { code: "too-few", what: "too few cells", expected: "2", found: "1", hint: "label more" };
    const { unmount } = line({ first: job({ state: "failed", problem }) });
    expect(screen.getByRole("alert").textContent).toMatch(/too few cells.*2.*1.*label more/i);
    unmount();
    line({ first: job({ state: "failed", problem: { ...problem, code: "worker-lost", what: "each worker ended" } }) });
    expect(screen.getByRole("alert").textContent).toContain("Each worker that did this ended in the middle of it");
  });
});
