import { expect, it } from "vitest";

import { Latest } from "./latest";
import { placeOf } from "./Overlay";

/** A service that answers when it is told to. */
function slow() {
  const asked: string[] = [];
  const answers: { give: (text: string) => void; refuse: (reason: Error) => void }[] = [];
  const ask = (wish: string) => {
    asked.push(wish);
    return new Promise<string>((give, refuse) => answers.push({ give, refuse }));
  };
  return { asked, answers, ask };
}
const settled = () => new Promise((done) => setTimeout(done, 0));

it("asks one thing at a time, and of those that wait only the newest", async () => {
  const { asked, answers, ask } = slow();
  const told: string[] = [];
  const latest = new Latest(ask, (answer, wish) => told.push(`${wish}: ${answer}`), () => told.push("failed"));
  for (const wish of ["a", "b", "c", "d"]) latest.want(wish);
  expect(asked).toEqual(["a"]);
  answers[0]?.give("first");
  await settled();
  expect(asked).toEqual(["a", "d"]);
  answers[1]?.give("last");
  await settled();
  expect(told).toEqual(["a: first", "d: last"]);
  latest.want("e");
  expect(asked).toEqual(["a", "d", "e"]);
});

it("says nothing of a failure where something else is asked already, and goes on", async () => {
  const { asked, answers, ask } = slow();
  const told: string[] = [];
  const latest = new Latest(ask, (answer) => told.push(answer), (reason) => told.push((reason as Error).message));
  latest.want("a");
  latest.want("b");
  answers[0]?.refuse(new Error("of a"));
  await settled();
  expect([asked, told]).toEqual([["a", "b"], []]);
  answers[1]?.refuse(new Error("of b"));
  await settled();
  expect(told).toEqual(["of b"]);
});

it("tells nothing once it is closed", async () => {
  const { asked, answers, ask } = slow();
  const told: string[] = [];
  const latest = new Latest(ask, (answer) => told.push(answer), () => told.push("failed"));
  latest.want("a");
  latest.want("b");
  latest.close();
  answers[0]?.give("late");
  await settled();
  expect([asked, told]).toEqual([["a"], []]);
});

it("lays the mask where its pixels belong, also where it begins before the photograph", () => {
  expect(placeOf({ left: 0, top: 0, times: 8 }, { x: 10, y: 20, k: 0.5 })).toBe("translate(10px, 20px) scale(4)");
  expect(placeOf({ left: 6, top: 4, times: 8 }, { x: 10, y: 20, k: 0.5 })).toBe("translate(7px, 18px) scale(4)");
});
