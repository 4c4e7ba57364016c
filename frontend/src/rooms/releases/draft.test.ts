import { expect, it } from "vitest";

import { beginning, type Draft, FIRST, type Finding, findingKey, hurdles, missingOf, nextVersion, readDraft, type ReleaseChoices, type ReleasePreview, restsOn, ticked, writeDraft } from "./draft";

const choices: ReleaseChoices = { rules: ["film"], formats: ["crops", "csv"], withholdable: ["site"], levels: ["five-class"], versions: ["demo-1"], last: null };
const about = { title: "t", license: "CC-BY-4.0", terms_of_use: "", ethics: "e", contributors: ["a"], citation: "c", contact: "", description: "", published: "", url: "" };
const writing = (id: string, where: string): Finding => ({ kind: "writing", where, found: "writing at x 1", advice: "look", id, may_review: true, withhold: [] });
const preview = (findings: Finding[], over: Partial<ReleasePreview> = {}): ReleasePreview => ({ cells: 1, counts: {}, leaks: {}, lines: [], refused: false, warnings: [], findings, told: findings.length, missing: [], tables: [], ...over });
const draftOf = (over: Partial<Draft["choice"]> = {}): Draft => {
  const choice = { ...FIRST, about, version: "2", ...over };
  return { choice, seen: [], preview: { key: "k", of: restsOn(choice) } };
};

it("offers the next version", () => {
  expect(nextVersion([])).toBe("1");
  expect(nextVersion(["demo-1"])).toBe("demo-2");
  expect(nextVersion(["1.10", "1.9"])).toBe("1.11");
  expect(nextVersion(["first"])).toBe("first-2");
});

it("begins with the answers of the last release, but for its leaks, ticks and date", () => {
  const last = { ...FIRST, version: "demo-1", about: { ...about, published: "2026-01-01" }, rule: "random", allow_leaks: true, reviewed: ["c1"], formats: ["csv"] };
  const { choice } = beginning({ ...choices, last });
  expect([choice.version, choice.rule, choice.allow_leaks, choice.reviewed, choice.formats, choice.about?.published, choice.about?.license]).toEqual(["demo-2", "random", false, [], ["csv"], "", "CC-BY-4.0"]);
  expect(beginning(choices).choice.formats).toEqual(["crops", "csv"]);
});

it("knows what the users must be told", () => {
  expect(missingOf(about)).toEqual([]);
  expect(missingOf({ ...about, license: " ", contributors: [" "] })).toEqual(["license or terms_of_use", "contributors"]);
});

it("lets a picture go only once all that was found in it was looked at", () => {
  const [one, two, other] = [writing("f1", "photograph f1"), { ...writing("f1", "photograph f1"), found: "writing at x 9" }, writing("c2", "crop c2")];
  const findings = [one, two, other];
  const first = ticked(draftOf(), one, findings, true);
  expect(first.choice.reviewed).toEqual([]);
  const both = ticked(first, two, findings, true);
  expect(both.choice.reviewed).toEqual(["f1"]);
  expect(hurdles(both, choices, preview(findings))).toEqual(["findings"]);
  const all = ticked(both, other, findings, true);
  expect(hurdles(all, choices, preview(findings))).toEqual([]);
  expect(ticked(all, two, findings, false).choice.reviewed).toEqual(["c2"]);
});

it("holds what no person can say away: names, small groups, and more than is listed", () => {
  const name: Finding = { kind: "name", where: "site of s1", found: "a name", advice: "withhold", may_review: false, withhold: ["site"] };
  const seen = { ...draftOf(), seen: [findingKey(name)] };
  expect(hurdles(seen, choices, preview([name]))).toEqual(["findings"]);
  expect(hurdles(draftOf(), choices, preview([], { told: 3 }))).toEqual(["more"]);
});

it("asks for a new look when the cells change, not for another version or tick", () => {
  const draft = draftOf();
  const changed = (over: Partial<Draft["choice"]>) => hurdles({ ...draft, choice: { ...draft.choice, ...over } }, choices, preview([]));
  expect(changed({ version: "3" })).toEqual([]);
  expect(changed({ seed: 7 })).toEqual(["stale"]);
  expect(changed({ withhold: ["site"] })).toEqual(["stale"]);
  expect(changed({ version: "demo-1" })).toEqual(["version"]);
  expect(changed({ version: "../up" })).toEqual(["version"]);
  expect(hurdles(draft, choices, preview([], { refused: true }))).toEqual(["leaks"]);
  expect(hurdles({ ...draft, preview: undefined }, choices, undefined)).toEqual(["preview"]);
});

it("keeps a draft on the device, each person their own, and reads no rubbish", () => {
  writeDraft("ada", draftOf({ seed: 5 }));
  expect(readDraft("ada")?.choice.seed).toBe(5);
  expect(readDraft("carla")).toBeUndefined();
  localStorage.setItem("buffycoat.release.carla", '{"choice": 7}');
  expect(readDraft("carla")).toBeUndefined();
});
