import { fireEvent, render, screen, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { fieldView, funnel, release, scorecard } from "../../samples";
import { serve } from "../../testing";
import { SmearsPage } from "./SmearsPage";

const nothing = { "/api/documents": [], "/api/releases": [], "/api/scorecards": [] };
const overview = { name: "demo", version: "0.1.0", simulated: true, counts: {} };

it("shows the funnel of each smear, with set-up and share", async () => {
  serve({
    ...nothing,
    "/api/overview": overview,
    "/api/smears": [funnel],
    "/api/smears/s1/fields": { total: 3, items: [fieldView("f1")] },
  });
  render(<SmearsPage />);
  const link = await screen.findByRole("link", { name: /N-001/ });
  expect(link.getAttribute("href")).toBe("/smears/s1");
  await screen.findByText("Olympus CX18");
  const row = link.closest("tr");
  if (!row) throw new Error("the link stands in no row");
  const numbers = within(row).getAllByRole("cell").map((cell) => cell.textContent);
  expect(numbers).toEqual(["Giemsa", "Olympus CX18", "3", "10", "4", "1", "6", "60.0%"]);
  expect(screen.getByRole("note").textContent).toContain("Simulated: drawn smears, simulated experts");
});

it("keeps quiet about simulation where there is none", async () => {
  serve({ ...nothing, "/api/overview": { ...overview, simulated: false }, "/api/smears": [] });
  render(<SmearsPage />);
  await screen.findByText("No smears yet");
  expect(screen.queryByRole("note")).toBeNull();
});

it("tells what went wrong, and tries again", async () => {
  serve({ ...nothing, "/api/overview": overview });
  render(<SmearsPage />);
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("There is nothing here");
  expect(alert.textContent).toContain("No /api/smears");
  expect(alert.textContent).toContain("Look elsewhere");
  serve({ ...nothing, "/api/overview": overview, "/api/smears": [] });
  fireEvent.click(within(alert).getByRole("button", { name: "Try again" }));
  await screen.findByText("No smears yet");
  expect(screen.queryByRole("alert")).toBeNull();
});

it("shows a score with interval and baseline, and does not call undefined zero", async () => {
  serve({
    ...nothing,
    "/api/overview": overview,
    "/api/smears": [],
    "/api/scorecards": [scorecard, { ...scorecard, id: "k2", split: "test-B", balanced_accuracy: null, interval: null }],
  });
  render(<SmearsPage />);
  const [defined, undefined_] = await screen.findAllByRole("article");
  expect(defined?.textContent).toContain("87.5%");
  expect(defined?.textContent).toContain("81.0% – 93.0%");
  expect(defined?.textContent).toContain("50.0%");
  expect(undefined_?.textContent).toContain("Balanced accuracyundefined95 % intervalundefinedAccuracy87.5%");
});

it("shows what a release was let through with, and under which license", async () => {
  const leaking = { ...release, id: "r2", version: "2.0", license: "", leaks: { "shared-films": 12, "pairs-of-repeated-cells": 3 } };
  serve({ ...nothing, "/api/overview": overview, "/api/smears": [], "/api/releases": [release, leaking] });
  render(<SmearsPage />);
  const [clean, leaky] = await screen.findAllByRole("article");
  expect(clean?.textContent).toContain("LicenseCC BY 4.0");
  expect(clean?.textContent).toContain("Leaksnone let through");
  expect(leaky?.textContent).toContain("Licensenone: see the terms of use");
  expect(leaky?.textContent).toContain("Terms of useAsk the laboratory.");
  expect(leaky?.textContent).toContain("films on both sides: 12");
  expect(leaky?.textContent).toContain("pairs that show one cell: 3");
});
