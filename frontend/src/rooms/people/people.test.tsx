import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";

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
  as_panel: false,
  closed: false,
  experts: 2,
  mine: { items: 515, answered: 12, handed_in: false },
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

it("leads everybody from the menu to the pages of their role, and to no others", async () => {
  open("/nowhere", { "/api/session": session({ person: carla }) });
  fireEvent.click(await screen.findByRole("button", { name: /carla/ }));
  const names = (await screen.findAllByRole("menuitem")).map((item) => item.textContent);
  expect(names).toEqual(["Rounds", "My learning", "Cells to be located", "Photograph", "Adjudication", "People", "My account", "Sign out"]);
});

it.each([
  [0, "All kept cells"],
  [9, "Without a label (51)"],
])("offers the cells without a label for a round only where some of them are kept: %i", async (total, name) => {
  open("/rounds", {
    "/api/session": session({ person: carla }),
    "/api/rounds": [],
    "/api/people": [],
    "/api/queries": [{ query: { id: "unlabeled", title: "cells without a label" }, cells: 51 }],
    "/api/cells": { items: [], total, offset: 0, limit: 1 },
  });
  fireEvent.click(await screen.findByRole("button", { name: "Open a round" }));
  await waitFor(() => expect(screen.getByRole("button", { name: /Cells$/ }).textContent).toContain(name));
});

describe("a sign-in that ends while a page is open", () => {
  const ended = { type: "", title: "", status: 401, detail: "nobody is signed in", code: "not-signed-in", hint: "" };
  /** A service that forgets who is signed in when it is told to. */
  function service(answers: Record<string, unknown>) {
    const now: { person: Person | null } = { person: carla };
    const asked: string[] = [];
    vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
      asked.push(`${init?.method ?? "GET"} ${url}`);
      const [path = ""] = url.split("?");
      if (path === "/api/session/demo") {
        now.person = JSON.parse(String(init?.body)).handle === "carla" ? carla : edna;
        return new Response(JSON.stringify(session({ person: now.person, demo: [edna, carla] })));
      }
      if (path === "/api/session") return new Response(JSON.stringify(session({ person: now.person, demo: [edna, carla] })));
      return now.person ? new Response(JSON.stringify(answers[path] ?? [])) : new Response(JSON.stringify(ended), { status: 401 });
    });
    return { now, asked };
  }
  function show(path: string) {
    window.history.replaceState(null, "", path);
    render(
      <SessionHolder>
        <App />
      </SessionHolder>,
    );
  }

  it("keeps the page and what is typed in it, and goes on there", async () => {
    const { now } = service({});
    show("/people");
    const field = await screen.findByLabelText<HTMLInputElement>("Handle, if already agreed");
    fireEvent.change(field, { target: { value: "new-reader" } });
    now.person = null;
    fireEvent.click(screen.getByRole("button", { name: "Make a link" }));
    await screen.findByRole("dialog", { name: "You are signed out" });
    expect(screen.getByRole("dialog").textContent).toContain("carla");
    expect(window.location.pathname).toBe("/people");
    const online = vi.fn();
    window.addEventListener("online", online);
    fireEvent.click(screen.getByRole("button", { name: "Sign in and go on" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(field.isConnected && field.value).toBe("new-reader");
    expect(online).toHaveBeenCalled();
    window.removeEventListener("online", online);
  });

  it("leaves the page where somebody else signs in", async () => {
    const { now } = service({});
    show("/people");
    const field = await screen.findByLabelText<HTMLInputElement>("Handle, if already agreed");
    now.person = null;
    document.dispatchEvent(new Event("visibilitychange"));
    await screen.findByRole("dialog", { name: "You are signed out" });
    now.person = edna;
    document.dispatchEvent(new Event("visibilitychange"));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect([field.isConnected, window.location.pathname]).toEqual([false, "/"]);
  });

  it("shows nothing more where another tab signed out on purpose", async () => {
    const { now } = service({});
    show("/people");
    await screen.findByLabelText("Handle, if already agreed");
    now.person = null;
    window.dispatchEvent(new StorageEvent("storage", { key: "buffycoat.person", newValue: null }));
    await waitFor(() => expect(window.location.pathname).toBe("/sign-in"));
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});

describe("answers about who is signed in that come late", () => {
  const nobody = session({ demo: [edna] });
  const answer = (body: unknown) => new Response(JSON.stringify(body));
  function show() {
    window.history.replaceState(null, "", "/sign-in");
    render(
      <SessionHolder>
        <App />
      </SessionHolder>,
    );
  }

  it("end no sign-in that was begun after the question", async () => {
    let late: ((response: Response) => void) | undefined;
    let questions = 0;
    vi.stubGlobal("fetch", (url: string) => {
      if (url === "/api/session/demo") return Promise.resolve(answer(session({ person: edna })));
      questions += url === "/api/session" ? 1 : 0;
      if (url === "/api/session" && questions === 2) return new Promise<Response>((resolve) => (late = resolve));
      return Promise.resolve(answer(url === "/api/session" ? nobody : []));
    });
    show();
    const button = await screen.findByRole("button", { name: /edna/ });
    document.dispatchEvent(new Event("visibilitychange"));
    await waitFor(() => expect(late).toBeDefined());
    fireEvent.click(button);
    await waitFor(() => expect(window.location.pathname).toBe("/"));
    late?.(answer(nobody));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(window.location.pathname).toBe("/");
  });

  it("are asked for once by whoever left without a connection", async () => {
    const asked: string[] = [];
    vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
      asked.push(`${init?.method ?? "GET"} ${url}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return answer(url === "/api/session" ? nobody : []);
    });
    localStorage.setItem("buffycoat.leaving", "1");
    show();
    window.dispatchEvent(new Event("online"));
    await screen.findByRole("button", { name: /edna/ });
    expect(asked.filter((each) => each.startsWith("DELETE"))).toEqual(["DELETE /api/session"]);
    expect(localStorage.getItem("buffycoat.leaving")).toBeNull();
  });
});

describe("one's own account", () => {
  const token = { id: "t1", name: "notebook", scope: "read", made_at: "2026-11-22T12:00:00Z", expires_at: "2027-02-20T12:00:00Z", used_at: null, token: null };
  const emil: Person = { id: "p3", handle: "emil", role: "expert", simulated: false };

  it("tells a new token once, and lists it without", async () => {
    open("/account", {
      "/api/session": session({ person: emil, provider: "Laboratory" }),
      "/api/account": { has_password: true, identities: [] },
      "/api/tokens": [token],
    });
    await screen.findByText("notebook");
    expect(screen.getByText("not yet")).toBeTruthy();
    expect(screen.getByRole("link", { name: "Link with Laboratory" }).getAttribute("href")).toBe("/api/oidc/start?link=true&to=%2Faccount%3Flinked%3D1");
    const made = { ...token, id: "t2", name: "bench" };
    vi.stubGlobal("fetch", async (_url: string, init?: RequestInit) => new Response(JSON.stringify(init?.method === "POST" ? { ...made, token: "t2.secret" } : [token, made])));
    fireEvent.change(screen.getByLabelText("Name"), { target: { value: "bench" } });
    fireEvent.click(screen.getByRole("button", { name: "Make a token" }));
    expect((await screen.findByLabelText<HTMLInputElement>("Token")).value).toBe("t2.secret");
    fireEvent.click(screen.getByRole("button", { name: "I have it" }));
    expect(screen.queryByDisplayValue("t2.secret")).toBeNull();
    expect(await screen.findByText("bench")).toBeTruthy();
  });

  it("has no password to change for whoever signs in with the institution alone, nor for the demo", async () => {
    open("/account", {
      "/api/session": session({ person: emil, provider: "Laboratory" }),
      "/api/account": { has_password: false, identities: [{ id: "i1", expert_id: "p3", made_at: "2026-11-22T12:00:00Z" }] },
      "/api/tokens": [],
    });
    await screen.findByText(/^You have no password/);
    expect(screen.queryByLabelText("New password")).toBeNull();
    expect(screen.getByRole("button", { name: /^Remove the link of/ })).toBeTruthy();
  });
});

it("says of a sign-in that failed what it knows itself, and nothing that an address says", async () => {
  open("/sign-in?problem=conflict&detail=this%20sign-in%20is%20linked%20with%20another%20account", { "/api/session": session() });
  await screen.findByText("This sign-in is linked with another account.");
  window.history.replaceState(null, "", "/sign-in?problem=conflict&detail=send%20your%20password%20to%20evil.example");
  window.dispatchEvent(new Event("buffycoat:moved"));
  await screen.findByText(/^This account is switched off, belongs/);
  expect(document.body.textContent).not.toContain("evil");
});
