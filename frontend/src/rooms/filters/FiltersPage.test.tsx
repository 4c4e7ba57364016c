import { fireEvent, render, screen, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { serve } from "../../testing";
import { SessionHolder } from "../people/session";
import type { FilterSetup, SavedFilter } from "./api";
import { FiltersPage } from "./FiltersPage";

/** A machine may have much to do beside. */
const LONG = { timeout: 20_000 };
const LONGEST = 60_000;

const setup = (smear: string, over: Partial<FilterSetup> = {}): FilterSetup => ({
  smear_id: `s-${smear}`,
  smear,
  capture: { id: "c1", microscope: "Olympus CX18", camera: "unknown", scale_source: "unknown", quarter_turns: 0 },
  fields: 12,
  searchable: 12,
  among: ["f1"],
  red_cell_px: 60,
  in_use: null,
  ...over,
});
const saved: SavedFilter = {
  id: "d1",
  name: "ward 3",
  digest: "0123456789abcdef",
  by: "carla",
  saved_at: "2026-11-22T12:00:00Z",
  smear_id: "s-B",
  capture_id: "c1",
  fields: ["f1"],
  filter: { weights: [1, 2, 3], bias: 0, prior: 0.5, images: 1, boxes: 4, default: false },
  used_for: ["B"],
};

function open(role: string, setups: FilterSetup[], filters: SavedFilter[] = []) {
  serve({
    "/api/session": { person: { id: "p1", handle: "carla", role, simulated: false }, guests: false, demo: [], ready: true },
    "/api/filters/setups": setups,
    "/api/filters": filters,
  });
  render(
    <SessionHolder>
      <FiltersPage />
    </SessionHolder>,
  );
}

it("lists smears with the filter that is in use, and leads to training where the scale is known", async () => {
  open("curator", [setup("A"), setup("B", { in_use: "ward 3" }), setup("C", { red_cell_px: null })]);
  const card = async (name: string) => within((await screen.findByText(name, undefined, LONG)).closest("article") as HTMLElement);
  expect((await card("A")).getByRole("link", { name: "Train a filter" }).getAttribute("href")).toBe("/filters/s-A/c1");
  expect((await card("A")).queryByRole("button", { name: /Back to/ })).toBeNull();
  expect((await card("B")).getByText("Searched with the filter “ward 3”.")).toBeDefined();
  expect((await card("B")).getByRole("button", { name: /Back to/ })).toBeDefined();
  expect((await card("C")).queryByRole("link", { name: "Train a filter" })).toBeNull();
}, LONGEST);

it("puts a saved filter to use only after a preview, its own smear first", async () => {
  open("curator", [setup("A"), setup("B")], [saved]);
  fireEvent.click(await screen.findByText("Put it to use", undefined, LONG));
  expect(screen.getByRole("button", { name: /Smear/ }).textContent).toContain("B · Olympus CX18");
  expect(screen.getByRole("button", { name: "Use it and search 12 photographs" })).toHaveProperty("disabled", true);
  expect(screen.getByText(/Trained on 4 boxes in 1 photograph\. Used for B\./)).toBeDefined();
}, LONGEST);

it("is for curators", async () => {
  open("expert", [setup("A")]);
  expect(await screen.findByText("For curators and admins", undefined, LONG)).toBeDefined();
  expect(screen.queryByText("Train a filter")).toBeNull();
}, LONGEST);
