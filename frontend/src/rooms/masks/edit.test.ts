import { expect, test } from "vitest";

import { begin, changed, fresh, masksOf, methodOf, read, redone, type Sources, undone, written } from "./edit";
import { Palm } from "./palm";
import { count } from "./pixels";
import { draw, fine, stroked, surround } from "./strokes";

const extent = { width: 40, height: 40 };
const blank = () => new Uint8Array(1600);
const disc = (x: number, y: number, radius: number) => {
  const mask = blank();
  draw(mask, [fine(x), fine(y)], fine(radius), extent, 1);
  return mask;
};
const channel = blank().map((_, at) => (disc(20, 20, 8)[at] ? 150 : 20));
const sources: Sources = { extent, channel, draft: { nucleus: disc(20, 20, 6), cell: disc(20, 20, 14) }, own: {} };

test("one starts from the draft, and from the threshold where there is none", () => {
  const start = begin(sources, 90);
  expect(masksOf(start, sources)).toEqual(sources.draft);
  expect(methodOf(start, true)).toBe("best");
  const bare = begin({ draft: {}, own: {} }, 90);
  expect([bare.nucleus, bare.cell]).toEqual([{ from: "threshold", level: 90 }, { from: "none" }]);
  expect(methodOf(bare, true)).toBe("easy-gt");
  expect(methodOf({ ...bare, strokes: [{ part: "cell", tool: "grow", size: 0, path: [] }] }, false)).toBe("pen");
});

test("what was kept comes before the draft", () => {
  const own = { nucleus: disc(20, 20, 3), cell: disc(20, 20, 10) };
  const again = begin({ ...sources, own }, 90);
  expect(masksOf(again, { ...sources, own })).toEqual(own);
  expect(methodOf(again, true)).toBe("pen");
});

test("a path cut into many pieces draws what it draws in one", () => {
  const whole = blank();
  const pieces = blank();
  draw(whole, [20, 20, 120, 100], 10, extent, 1);
  draw(pieces, [20, 20, 45, 40, 70, 60, 95, 80, 120, 100], 10, extent, 1);
  expect([...pieces]).toEqual([...whole]);
});

test("a brush of radius one covers the four pixels around a corner", () => {
  const mask = blank();
  draw(mask, [fine(10), fine(10)], fine(1), extent, 1);
  expect(count(mask)).toBe(4);
});

test("an outline is closed by itself and holds every pixel whose middle it goes around", () => {
  const mask = blank();
  surround(mask, [fine(5), fine(5), fine(15), fine(5), fine(15), fine(12), fine(5), fine(12)], extent);
  expect(count(mask)).toBe(70);
  const eight = blank();
  surround(eight, [fine(5), fine(5), fine(15), fine(5), fine(15), fine(12), fine(5), fine(12), fine(5), fine(5), fine(15), fine(5), fine(15), fine(12), fine(5), fine(12)], extent);
  expect([...eight]).toEqual([...mask]);
});

test("the outline of a cell is its new one, that of a nucleus one more lobe", () => {
  const path = [fine(2), fine(2), fine(6), fine(2), fine(6), fine(6), fine(2), fine(6)];
  const before = masksOf(begin(sources, 90), sources);
  expect(count(stroked(before, { part: "cell", tool: "outline", size: 0, path }, extent, channel).cell)).toBe(16);
  expect(count(stroked(before, { part: "nucleus", tool: "outline", size: 0, path }, extent, channel).nucleus)).toBe(count(before.nucleus) + 16);
});

test("trim cuts the nucleus to the cell, grow widens the cell to it", () => {
  const masks = { nucleus: disc(20, 20, 8), cell: disc(24, 20, 8) };
  const trimmed = stroked(masks, { part: "nucleus", tool: "trim", size: 0, path: [] }, extent, channel);
  const grown = stroked(masks, { part: "cell", tool: "grow", size: 0, path: [] }, extent, channel);
  expect(trimmed.cell).toBe(masks.cell);
  expect(trimmed.nucleus.every((pixel, at) => !pixel || masks.cell[at])).toBe(true);
  expect(masks.nucleus.every((pixel, at) => !pixel || grown.cell[at])).toBe(true);
  expect(count(grown.cell) - count(masks.cell)).toBe(count(masks.nucleus) - count(trimmed.nucleus));
});

test("a region that the threshold left out is turned on again", () => {
  const far = channel.slice();
  far.fill(150, 0, 6);
  const start = { ...begin({ draft: {}, own: {} }, 90), strokes: [{ part: "nucleus" as const, tool: "toggle" as const, size: 90, path: [6, 2] }] };
  const masks = masksOf(start, { ...sources, channel: far });
  expect(masks.nucleus.slice(0, 8)).toEqual(Uint8Array.of(1, 1, 1, 1, 1, 1, 0, 0));
});

test("undo goes back stroke by stroke, a drag of the slider is one step, and redo comes again", () => {
  const at = (level: number) => ({ ...begin(sources, 90), nucleus: { from: "threshold" as const, level } });
  let history = fresh(begin(sources, 90));
  history = changed(history, at(80));
  history = changed(history, at(70), true);
  history = changed(history, at(60), true);
  const back = undone(history);
  expect(back?.now).toEqual(begin(sources, 90));
  expect(back && redone(back)?.now).toEqual(at(60));
  expect(back && undone(back)).toBeUndefined();
});

test("what is written down is read again, and nothing else is", () => {
  const edit = { ...begin(sources, 90), strokes: [{ part: "cell" as const, tool: "erase" as const, size: 12, path: [1, 2, 3, 4] }] };
  expect(read(written(edit))).toEqual(edit);
  expect([read(""), read("{}"), read('{"version":2}')]).toEqual([undefined, undefined, undefined]);
});

const down = (pointerId: number, pointerType: string, timeStamp: number, more = {}) => ({ pointerId, pointerType, timeStamp, button: 0, moving: false, ...more });

test("a finger draws until a pen was seen; beside a pen it is a palm, later it moves the picture", () => {
  const palm = new Palm();
  expect(palm.down(down(1, "touch", 0))).toBe("draw");
  expect(palm.down(down(2, "touch", 10))).toBe("move");
  palm.up(1);
  palm.up(2);
  expect(palm.down(down(3, "pen", 100))).toBe("draw");
  expect(palm.down(down(4, "touch", 2000))).toBe("ignore");
  palm.up(3);
  palm.up(4);
  palm.pen(2100);
  expect(palm.down(down(5, "touch", 2200))).toBe("ignore");
  palm.up(5);
  expect(palm.down(down(6, "touch", 9000))).toBe("move");
});

test("a mouse draws with its first button, and moves with its second or while space is held", () => {
  const palm = new Palm();
  expect([palm.down(down(1, "mouse", 0)), palm.down(down(2, "mouse", 0, { button: 1 })), palm.down(down(3, "mouse", 0, { moving: true })), palm.down(down(4, "mouse", 0, { button: 2 }))]).toEqual([
    "draw",
    "move",
    "move",
    "ignore",
  ]);
});
