/** What jsdom lacks, and a service that answers from a table; for tests only. */
import { cleanup } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";

import { forget } from "./api/resource";

class NoResizes {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

beforeEach(() => {
  vi.stubGlobal("ResizeObserver", NoResizes);
  vi.stubGlobal("CSS", { escape: (text: string) => text });
  window.scrollTo = () => undefined;
  Element.prototype.scrollTo = () => undefined;
  // jsdom has no layout: every element is as large as a small window.
  Object.defineProperty(HTMLElement.prototype, "clientWidth", { configurable: true, value: 800 });
  Object.defineProperty(HTMLElement.prototype, "clientHeight", { configurable: true, value: 600 });
  Object.defineProperty(HTMLElement.prototype, "offsetWidth", { configurable: true, value: 800 });
  Object.defineProperty(HTMLElement.prototype, "offsetHeight", { configurable: true, value: 600 });
});

afterEach(() => {
  cleanup();
  forget();
  localStorage.clear();
  vi.unstubAllGlobals();
  window.history.replaceState(null, "", "/");
});


/** Answer requests from a table of path (with query, or without) to body; what is not in it is a 404 problem. */
export function serve(answers: Record<string, unknown>): { asked: string[] } {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (url: string) => {
    asked.push(url);
    const [path = ""] = url.split("?");
    const found = answers[url] ?? answers[path];
    if (found instanceof Error) throw found;
    const problem = { type: "/api/errors/not-found", title: "Nothing here", status: 404, detail: `no ${path}`, code: "not-found", hint: "look elsewhere" };
    return new Response(JSON.stringify(found ?? problem), { status: found === undefined ? 404 : 200 });
  });
  return { asked };
}
