import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";

import { cellView, funnel } from "../../samples";
import { serve } from "../../testing";
import { GalleryPage } from "./GalleryPage";

const TOTAL = 12_000;
const taxonomy = {
  name: "raabin",
  version: 1,
  terms: [
    { key: "element", name: "blood element", parent: null, kind: "root" },
    {
      key: "monocyte",
      name: "monocyte",
      parent: "element",
      kind: "leukocyte",
      morphology: "A folded nucleus in grey cytoplasm.",
      raised_in: ["chronic infection"],
      lowered_in: [],
      sources: ["bain"],
    },
  ],
  levels: {},
  notice: "Never a diagnosis.",
  sources: { bain: "Bain BJ. Blood Cells." },
};
const cells = Array.from({ length: 100 }, (_, index) =>
  cellView(`c${index}`, 100, index === 0 ? { consensus: { cell_id: "c0", standing: "agreed", term: "monocyte" } } : { kept: index % 2 === 0 }),
);

function open(search = "", answers: Record<string, unknown> = {}) {
  window.history.replaceState(null, "", `/cells${search}`);
  const service = serve({
    "/api/cells": { total: TOTAL, items: cells },
    "/api/smears": [funnel],
    "/api/taxonomy": taxonomy,
    "/api/queries": [
      { query: { id: "unlabeled", title: "cells without a label" }, cells: 9000 },
      { query: { id: "mine", title: "those of Monday" }, cells: null },
    ],
    "/api/cells/c0": cells[0],
    "/api/cells/c1": cells[1],
    ...answers,
  });
  render(<GalleryPage />);
  return service;
}

it("has only the tiles in sight, of a list of any length", async () => {
  const { asked } = open();
  await screen.findByText("12,000 cells");
  await screen.findByRole("button", { name: "Cell 1, Kept, monocyte" });
  expect(screen.getByRole("grid").getAttribute("aria-rowcount")).toBe(String(TOTAL / 5));
  expect(screen.getAllByRole("gridcell").length).toBeLessThan(120);
  expect(asked.filter((url) => url.startsWith("/api/cells?"))).toEqual(["/api/cells?offset=0&limit=100"]);
});

it("asks the service for what the address bar says", async () => {
  const { asked } = open("?pictures=repeats&class=monocyte&standing=agreed&smear=s1");
  await screen.findByRole("grid");
  expect(asked).toContain("/api/cells?smear_id=s1&kept=false&term=monocyte&standing=agreed&offset=0&limit=100");
});

it("writes a choice into the address bar", async () => {
  open();
  await screen.findByRole("grid");
  fireEvent.click(screen.getByRole("radio", { name: "Repeats" }));
  expect(window.location.search).toBe("?pictures=repeats");
  fireEvent.click(await screen.findByRole("button", { name: "Clear filters" }));
  expect(window.location.search).toBe("");
});

it("walks by arrows, opens a cell, and goes on to the next with N", async () => {
  open();
  const first = await screen.findByRole("button", { name: "Cell 1, Kept, monocyte" });
  expect(first.tabIndex).toBe(0);
  first.focus();
  fireEvent.keyDown(first, { key: "ArrowRight" });
  const second = screen.getByRole("button", { name: "Cell 2, Repeat" });
  expect(document.activeElement).toBe(second);
  await waitFor(() => expect([first.tabIndex, second.tabIndex]).toEqual([-1, 0]));
  fireEvent.click(first);
  expect(window.location.search).toBe("?cell=c0");
  await screen.findByRole("dialog");
  const link = await screen.findByRole("link", { name: "Show in its photograph" });
  expect(link.getAttribute("href")).toBe("/fields/f1?cell=c0");
  fireEvent.keyDown(document.activeElement ?? document.body, { code: "KeyN", key: "n" });
  await waitFor(() => expect(window.location.search).toBe("?cell=c1"));
});

it("says that a filter is too narrow, rather than that there is nothing", async () => {
  open("?class=monocyte", { "/api/cells": { total: 0, items: [] } });
  await screen.findByText("No cell fits these filters");
});

it("offers the saved queries with their counts, and asks for the chosen one by name", async () => {
  const { asked } = open();
  await screen.findByRole("grid");
  fireEvent.click(screen.getByRole("button", { name: /Saved query/ }));
  const option = await screen.findByRole("option", { name: /Without a label/ });
  expect(option.textContent).toBe("Without a label9,000");
  // Its round is open: there is nothing to ask for yet.
  expect(screen.getByRole("option", { name: /those of Monday/ }).getAttribute("aria-disabled")).toBe("true");
  fireEvent.click(option);
  await waitFor(() => expect(window.location.search).toBe("?query=unlabeled"));
  await waitFor(() => expect(asked).toContain("/api/cells?query=unlabeled&offset=0&limit=100"));
});

it("says of a cell that came without its photograph just that, and asks for no picture", async () => {
  const bare = cellView("c0", 100, { cell: { ...cellView("c0", 100).cell, crop: null, sharpness: null, average_hash: null, perceptual_hash: null } });
  open("?cell=c0", { "/api/cells": { total: 1, items: [bare] }, "/api/cells/c0": bare });
  const dialog = await screen.findByRole("dialog");
  await waitFor(() => expect(dialog.textContent).toContain("Came without its photograph"));
  expect(dialog.textContent).not.toContain("Sharpness");
  expect(dialog.textContent).toContain("Show its box");
  expect(document.querySelectorAll("img")).toHaveLength(0);
});

it("tells of a labeled cell how its kind looks, after whom, and that it is no diagnosis", async () => {
  open("?cell=c0");
  const about = (await screen.findByText("How to know it: monocyte")).closest("details");
  expect(about?.textContent).toContain("A folded nucleus in grey cytoplasm.");
  expect(about?.textContent).toContain("Commonly raised inchronic infection");
  expect(about?.textContent).not.toContain("Commonly lowered in");
  expect(about?.textContent).toContain("This is no diagnosis. Never a diagnosis.");
  expect(about?.textContent).toContain("Bain BJ. Blood Cells.");
});
