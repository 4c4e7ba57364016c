import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";

import { App } from "../../App";
import type { Person, Session } from "../../api/people";
import type { RoundView } from "../../api/rounds";
import { serve } from "../../testing";
import { inside } from "./Entry";
import { SessionHolder } from "./session";

const edna: Person = { id: "p1", handle: "edna", role: "expert", simulated: true };
const carla: Person = { id: "p2", handle: "carla", role: "curator", simulated: true };
const session = (over: Partial<Session> = {}): Session => ({ person: null, guests: false, needs_setup: false, demo: [], ...over });
const round: RoundView = {
  id: "r1",
  name: "November",
  taxonomy: "raabin@1",
  level: "full",
  mode: "blind",
  cells: 500,
  opened_at: "2026-11-22T12:00:00Z",
  closed: false,
  experts: 2,
  mine: { items: 515, answered: 12 },
  progress: null,
};

function open(path: string, answers: Record<string, unknown>) {
  window.history.replaceState(null, "", path);
  const service = serve(answers);
  render(
    <SessionHolder>
      <App />
    </SessionHolder>,
  );
  return service;
}

it("leads whoever may not look to signing in, asks for nothing else, and comes back", async () => {
  const { asked } = open("/cells?class=monocyte", { "/api/session": session({ demo: [edna] }), "/api/session/demo": session({ person: edna }) });
  const button = await screen.findByRole("button", { name: /edna/ });
  expect(window.location.pathname + window.location.search).toBe("/sign-in?to=%2Fcells%3Fclass%3Dmonocyte");
  expect(asked).toEqual(["/api/session"]);
  fireEvent.click(button);
  await waitFor(() => expect(window.location.pathname + window.location.search).toBe("/cells?class=monocyte"));
});

it("lets guests look, and offers to sign in", async () => {
  open("/nowhere", { "/api/session": session({ guests: true }) });
  await screen.findByRole("link", { name: "Sign in" });
  expect(window.location.pathname).toBe("/nowhere");
});

it("begins a new workspace with its administrator", async () => {
  open("/sign-in", { "/api/session": session({ needs_setup: true }) });
  await screen.findByRole("button", { name: "Create the administrator" });
  expect(window.location.pathname).toBe("/setup");
});

it("follows no link that leads elsewhere", () => {
  expect([inside("//evil.example"), inside("https://evil.example"), inside("/\\evil.example"), inside(null), inside("/cells?a=b")]).toEqual(["/", "/", "/", "/", "/cells?a=b"]);
});

it("shows a reader how far they are, and nobody else's progress", async () => {
  open("/rounds", { "/api/session": session({ person: edna }), "/api/rounds": [round] });
  await screen.findByText("12 of 515 labeled");
  expect(screen.getByRole("link", { name: "Go on" }).getAttribute("href")).toBe("/rounds/r1");
  expect(screen.queryByRole("button", { name: "Open a round" })).toBeNull();
  expect(screen.queryByText("Progress")).toBeNull();
});

it("shows a curator everybody's progress, and asks twice before closing", async () => {
  const progress = [{ person: edna, items: 515, answered: 12 }];
  const { asked } = open("/rounds", { "/api/session": session({ person: carla }), "/api/rounds": [{ ...round, mine: null, progress }], "/api/rounds/r1/close": { ...round, closed: true } });
  fireEvent.click(await screen.findByRole("button", { name: "Close the round" }));
  expect(screen.getByText(/1 reader is not done/).textContent).toContain("cannot be taken back");
  expect(asked).not.toContain("/api/rounds/r1/close");
  fireEvent.click(screen.getByRole("button", { name: "Close the round" }));
  await waitFor(() => expect(asked).toContain("/api/rounds/r1/close"));
});

it("keeps the list of people to those who may see it", async () => {
  const { asked } = open("/people", { "/api/session": session({ person: edna }) });
  await screen.findByText("Not for this role");
  expect(asked).not.toContain("/api/people");
});
