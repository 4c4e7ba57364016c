import { fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { cellView, fieldView, funnel } from "../../samples";
import { serve } from "../../testing";
import { FieldPage } from "./FieldPage";

const group = { cells: ["c1", "c9"], kept: "c9", edges: [{ a: "c1", b: "c9", average_hash_distance: 2, perceptual_hash_distance: 5, correlation: null }] };
const repeat = cellView("c1", 100, { kept: false, group });
const kept = cellView("c2", 900);
const elsewhere = { ...cellView("c9", 10), cell: { ...cellView("c9", 10).cell, field_id: "f2" } };

function open(search = "") {
  window.history.replaceState(null, "", `/fields/f1${search}`);
  const service = serve({
    "/api/fields/f1": fieldView("f1"),
    "/api/cells": { total: 2, items: [kept, repeat] },
    "/api/cells/c1": repeat,
    "/api/cells/c9": elsewhere,
    "/api/smears": [funnel],
    "/api/smears/s1/fields": { total: 3, items: [fieldView("f0"), fieldView("f1"), fieldView("f2")] },
    "/api/taxonomy": { name: "raabin", version: 1, terms: [], levels: {} },
    "/api/runs": [{ id: "r1", room: "ingest", function: "read", version: "1", parameters: { strip: true }, inputs: "", seed: null, started_at: "2026-11-22T12:00:00Z" }],
  });
  render(<FieldPage id="f1" />);
  return service;
}

const boxes = async () => within(await screen.findByRole("group", { name: "Boxes" })).findAllByRole("button");

it("draws a box for each cell in reading order, and says which are repeats", async () => {
  open();
  const names = (await boxes()).map((box) => box.getAttribute("aria-label"));
  expect(names).toEqual(["Cell 1 of 2, repeat", "Cell 2 of 2, kept"]);
  expect((await boxes())[0]?.getAttribute("class")).toContain("repeat");
});

it("shows the cell that the address names, with links to its other pictures", async () => {
  open("?cell=c1");
  await screen.findByRole("heading", { name: /Pictures of the same cell/ });
  const link = await screen.findByRole("link", { name: /Crop of cell c9/ });
  expect(link.getAttribute("href")).toBe("/fields/f2?cell=c9");
  expect(link.textContent).toContain("hash distances 2 and 5 of 64");
});

it("moves through the boxes by arrows, and through the photographs by N and P", async () => {
  open();
  await screen.findByRole("heading", { name: "Photograph 2 of 3" });
  const [first, second] = await boxes();
  first?.focus();
  fireEvent.keyDown(first as Element, { key: "ArrowRight" });
  expect(document.activeElement).toBe(second);
  fireEvent.keyDown(document.body, { code: "KeyN", key: "د" });
  expect(window.location.pathname).toBe("/fields/f2");
  fireEvent.keyDown(document.body, { code: "KeyP", key: "p", ctrlKey: true });
  expect(window.location.pathname).toBe("/fields/f2");
});

it("hides the boxes while H is held, and turns to crops with B", async () => {
  open();
  const [first] = await boxes();
  const overlay = screen.getByRole("group", { name: "Boxes" });
  fireEvent.keyDown(document.body, { code: "KeyH", key: "h" });
  expect(overlay.getAttribute("class")).toContain("hidden");
  fireEvent.keyUp(document.body, { code: "KeyH", key: "h" });
  expect(overlay.getAttribute("class")).not.toContain("hidden");
  const width = () => Number(first?.querySelector(".line")?.getAttribute("width"));
  const before = width();
  fireEvent.keyDown(document.body, { code: "KeyB", key: "b" });
  expect(width()).toBeCloseTo(before * 2);
});

it("names the run that made the photograph", async () => {
  const { asked } = open();
  await screen.findByText("ingest.read 1");
  expect(asked).toContain("/api/runs?offset=0&limit=500");
});

it("shows the problem of a photograph that is not there", async () => {
  serve({ "/api/smears": [] });
  render(<FieldPage id="nope" />);
  await waitFor(() => expect(screen.getByRole("alert").textContent).toContain("No /api/fields/nope"));
});

it("draws the boxes of a photograph that never came on a plain ground, and asks for no picture", async () => {
  const { field } = fieldView("f1");
  const bare = { ...field, received: null, digest: null, pixels: null, media_type: null, width_px: null, height_px: null, quality: null };
  const without = (view: typeof kept) => ({ ...view, cell: { ...view.cell, crop: null, sharpness: null } });
  window.history.replaceState(null, "", "/fields/f1?cell=c2");
  const neighbors = ["f0", "f1", "f2"].map((id) => fieldView(id, { field: { ...bare, id } }));
  serve({
    "/api/fields/f1": fieldView("f1", { field: bare }),
    "/api/cells": { total: 2, items: [without(kept), without({ ...repeat, group: null })] },
    "/api/smears": [funnel],
    "/api/smears/s1/fields": { total: 3, items: neighbors },
    "/api/taxonomy": { name: "raabin", version: 1, terms: [], levels: {} },
    "/api/runs": [],
  });
  render(<FieldPage id="f1" />);
  await screen.findByRole("heading", { name: "Photograph 2 of 3" });
  expect(await boxes()).toHaveLength(2);
  expect(document.querySelectorAll("img")).toHaveLength(0);
  const stage = document.querySelector<HTMLElement>(".stage");
  // The farther crop ends at 1020 and 220, and a twentieth of that is left beyond it.
  expect([stage?.style.width, stage?.style.height]).toEqual(["1071px", "271px"]);
  expect(document.body.textContent).toContain("Its set brought the boxes only");
  expect(document.body.textContent).toContain("Not measured: the photograph is not here.");
});
