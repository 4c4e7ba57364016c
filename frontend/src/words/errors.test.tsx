import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";

import type { Problem } from "../api/client";
import { Trouble } from "../parts/Told";
import { en } from "./en";
import { fa } from "./fa";
import { SAID } from "./said.fa";
import { inShort, refusalOf, sentence, tell, translated, wrongOf } from "./tell";
import { Speech } from "./words";

const SERVICE = join(import.meta.dirname, "../../../src/buffycoat");
const problem = (over: Partial<Problem>): Problem => ({ type: "", title: "", status: 422, detail: "", code: "input", hint: "", ...over });

/** Where a person of the studio meets errors. What a room says to the command line alone is told by its code. */
const MET = [
  "service",
  "workflows/people",
  "workflows/reading",
  "workflows/adjudicating",
  "workflows/locating",
  "workflows/sorting",
  "workflows/device_events.py",
  "workflows/jobs",
  "workflows/capturing",
  "workflows/curating",
  "workflows/errata.py",
  "workflows/filtering",
  "workflows/repeating",
  "domain/account.py",
  "report/differential_reference.py",
];
/** Said to those who set the service up, or to programs. */
const NOT_MET = [
  "the address of the provider is not safe",
  "no error has this code",
  "this token is for /metrics alone",
  "metrics are for programs",
  "metrics are asked from this machine, or with a token of scope metrics",
  "whoever reads in an open round is not told how much is answered",
  "x is no number of bytes",
  "x is not in base64",
  "upload-metadata is no text in UTF-8",
  "upload-metadata does not say what is needed",
  "no such word for the counting area",
  "no such checksum",
  "x cannot be watched",
  "this person may not do that",
];

function files(path: string): string[] {
  return path.endsWith(".py") ? [path] : readdirSync(join(SERVICE, path), { recursive: true, encoding: "utf8" }).flatMap((name) => (name.endsWith(".py") ? [`${path}/${name}`] : []));
}

const source = files("errors").map((path) => readFileSync(join(SERVICE, path), "utf8")).join("\n");
const codes = [...source.matchAll(/^ {4}code(?:: ClassVar\[str\])? = "([a-z-]+)"$/gm)].map(([, code]) => code);
const classes = [...source.matchAll(/^class (\w+)\(/gm)].map(([, name]) => name).join("|");

it("tells every code of the service in both languages, and no other", () => {
  expect(codes.length).toBeGreaterThan(30);
  expect(Object.keys(en.errors.of).sort()).toEqual([...codes].sort());
  expect(Object.keys(fa.errors.of).sort()).toEqual([...codes].sort());
  for (const { what, todo } of Object.values(fa.errors.of)) expect(`${what} ${todo}`).not.toMatch(/[A-Za-z]{5,}/);
});

it("tells in Persian what a person of the studio can meet", () => {
  // The first argument of an error: a sentence, or one with parts that change.
  const raised = new RegExp(String.raw`\b(?:${classes}|_unsound)\(\s*(f?)"((?:[^"\\]|\\.)*)"`, "g");
  const met = MET.flatMap(files).flatMap((path) => [...readFileSync(join(SERVICE, path), "utf8").matchAll(raised)].map(([, changes, text = ""]) => (changes ? text.replace(/\{[^{}]*\}/g, "x") : text)));
  expect(met.length).toBeGreaterThan(100);
  const missing = met.filter((text) => !NOT_MET.includes(text) && translated(text, "fa") === undefined);
  expect([...new Set(missing)]).toEqual([]);
});

it("knows no sentence that the service does not say", () => {
  const all = files("service").concat(files("workflows"), files("domain"), files("store"), files("report"), files("label"), files("segment"), files("detect")).map((path) => readFileSync(join(SERVICE, path), "utf8")).join("\n");
  const said = Object.keys(SAID).filter((text) => !text.split("…").every((part) => all.includes(part.trim())));
  expect(said).toEqual([]);
});

it("takes a sentence apart, and finds one with parts that change", () => {
  const detail = "the password is too short: expected 10 to 1000 characters, found 3";
  expect(wrongOf(detail)).toBe("the password is too short");
  expect(translated(detail, "fa")?.what).toBe("گذرواژه کوتاه است");
  expect(translated("a viewer does not read in a round of this mode: expected expert", "fa")?.what).toContain("نقش");
  expect(translated("query.limit: Input should be greater than 0", "fa")).toBeUndefined();
  expect(sentence("no such term")).toBe("No such term.");
});

it("tells English with the service's own words, and Persian with its own", () => {
  const short = problem({ detail: "the password is too short: expected 10, found 3", hint: "three or four words" });
  expect(tell(short, en)).toEqual({
    what: en.errors.of.input?.what,
    exact: "The password is too short: expected 10, found 3.",
    todo: "Three or four words.",
    technical: "",
    code: "input",
  });
  const persian = tell(short, fa);
  expect([persian.what, persian.exact]).toEqual(["گذرواژه کوتاه است", ""]);
  expect(persian.technical).toBe("The password is too short: expected 10, found 3. Three or four words.");
  const unknown = tell(problem({ code: "made-tomorrow", detail: "something new" }), fa);
  expect([unknown.what, unknown.technical]).toEqual([fa.errors.of.error?.what, "Something new."]);
  expect(inShort(problem({ code: "offline", status: 0 }), fa)).toBe(fa.state.offline);
});

it("tells what was not taken of which only the sentence or the code was kept", () => {
  expect(refusalOf("this round is closed: found November", fa)).toBe("این دور بسته است");
  expect(refusalOf("not-found", fa)).toBe(fa.errors.of["not-found"]?.what);
  expect(refusalOf("what nobody foresaw", fa)).toBe(fa.errors.of.input?.what);
  expect(refusalOf("what nobody foresaw", en)).toBe("what nobody foresaw");
});

it("marks what is English on a Persian page as English, below the rest", () => {
  localStorage.setItem("buffycoat.language", "fa");
  render(
    <Speech>
      <Trouble problem={problem({ code: "conflict", detail: "this is the last admin", hint: "make somebody else an admin first" })} />
    </Speech>,
  );
  expect(screen.getByRole("alert").textContent).toContain("این واپسین مدیر است");
  const technical = screen.getByText(/This is the last admin/);
  expect([technical.lang, technical.dir, technical.closest("details")?.open]).toEqual(["en", "ltr", false]);
});
