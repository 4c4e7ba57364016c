import { fireEvent, render, screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { en } from "./en";
import { fa } from "./fa";
import { Speech, useSpeaking } from "./words";

/** Every leaf of a dictionary with its path, functions called with numbers. */
function leaves(words: object, path = ""): [string, string][] {
  return Object.entries(words).flatMap(([name, value]): [string, string][] => {
    const here = `${path}.${name}`;
    if (typeof value === "string") return [[here, value]];
    if (typeof value === "function") return [[here, String(value(here === ".date" ? "2026-11-22T12:00:00Z" : 2, 3, 4))]];
    return leaves(value as object, here);
  });
}

it("has every word in both languages, and none is empty", () => {
  const names = (words: object) => leaves(words).map(([name]) => name).filter((name) => !name.startsWith(".term."));
  expect(names(fa)).toEqual(names(en));
  expect([...leaves(en), ...leaves(fa)].filter(([, text]) => text.trim() === "")).toEqual([]);
});

it("says one and many", () => {
  expect(en.gallery.count(1)).toBe("1 cell");
  expect(en.gallery.count(1234)).toBe("1,234 cells");
  expect(fa.gallery.count(12)).toBe("۱۲ یاخته");
});

it("tells the page its language and direction, and remembers the choice", () => {
  const Switch = () => {
    const { words, speak } = useSpeaking();
    return <button type="button" onClick={() => speak(words.locale === "en" ? "fa" : "en")}>{words.app.smears}</button>;
  };
  render(<Speech><Switch /></Speech>);
  expect([document.documentElement.lang, document.documentElement.dir]).toEqual(["en", "ltr"]);
  fireEvent.click(screen.getByRole("button"));
  expect(screen.getByRole("button").textContent).toBe(fa.app.smears);
  expect([document.documentElement.lang, document.documentElement.dir]).toEqual(["fa", "rtl"]);
  expect(localStorage.getItem("buffycoat.language")).toBe("fa");
});
