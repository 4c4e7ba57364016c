import { beforeEach, expect, it, vi } from "vitest";

import { about, chunk } from "./testing";

/** The page as a whole, in a browser that does not lay out: where it was scrolled to is told by hand. */
const told = {
  ...about,
  title: "Smears",
  about: { contributors: [], citation: "", description: "", license: "", terms_of_use: "", ethics: "", contact: "" },
  totals: { cells: 2, classed: 2, pictured: 0, masked: 0, fields: 1, photographs: 1, crops: 0, smears: 2 },
  classes: [],
  counts: {},
  notes: [],
  withheld: [],
  mail: "",
  bibtex: "",
  experts: 3,
  chunks: 1,
};

let scrolled: ReturnType<typeof vi.fn>;
const title = () => document.querySelector("main h1")?.textContent;

/** Do what leads to another entry, scrolled to where somebody was; return where the page that came is scrolled to. */
async function leave(from: number, act: () => void): Promise<unknown> {
  Object.defineProperty(window, "scrollY", { configurable: true, value: from });
  const done = new Promise((come) => addEventListener("hashchange", come, { once: true }));
  act();
  await done;
  return scrolled.mock.lastCall?.[1];
}

beforeEach(async () => {
  vi.stubGlobal("matchMedia", () => ({ matches: true, addEventListener: () => undefined, removeEventListener: () => undefined }));
  document.body.innerHTML = '<div id="site"></div>';
  scrolled = vi.fn();
  window.scrollTo = scrolled as never;
  await import("./main");
  const site = (globalThis as unknown as { buffycoatSite: Record<string, (...parts: unknown[]) => void> }).buffycoatSite;
  site.start?.(JSON.stringify(told));
  await vi.waitFor(() => expect(title()).toBe("Smears"));
  site.cells?.(0, JSON.stringify(chunk([{ id: "c1", label: 0, smear: 0, crop: false }, { id: "c2", label: 1, smear: 1, crop: false }])));
});

it("going back leads to the place on the page, also after filters were chosen there; links lead to the top", async () => {
  expect(await leave(0, () => (location.hash = "#/browse"))).toBe(0);
  await vi.waitFor(() => expect(document.documentElement.dataset.cells).toBe("whole"));
  document.querySelector<HTMLInputElement>("[data-key='smear=s1']")?.click();
  expect(location.hash).toBe("#/browse?smear=s1");
  expect(await leave(700, () => (location.hash = "#/cell/c1"))).toBe(0);
  expect(await leave(40, () => history.back())).toBe(700);
  expect(location.hash).toBe("#/browse?smear=s1");
  expect(await leave(710, () => history.forward())).toBe(40);
  // The way back that the page itself offers is the same.
  const back = document.querySelector<HTMLAnchorElement>(".cell a[href='#/browse']");
  expect(await leave(0, () => back?.click())).toBe(710);
  expect(location.hash).toBe("#/browse?smear=s1");
  // A link to a page where one was before is a new visit.
  expect(await leave(700, () => document.querySelector<HTMLAnchorElement>("a[href='#/statistics']")?.click())).toBe(0);
  expect(await leave(5, () => document.querySelector<HTMLAnchorElement>("nav a[href='#/browse']")?.click())).toBe(0);
  expect(location.hash).toBe("#/browse");
});
