import { expect, test } from "vitest";

import { begin, changed, type Edit, fresh, masksOf, methodOf, read, redone, replayed, type Sources, undone, written } from "./edit";
import { Palm } from "./palm";
import { count, smoothed } from "./pixels";
import { draw, fine, type Stroke, stroked, surround } from "./strokes";

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

test("what goes on from a kept mask was drawn as that one was, too", () => {
  const on: Edit = { ...begin({ ...sources, own: { cell: blank() } }, 90), nucleus: { from: "threshold", level: 90 } };
  expect(methodOf(on, true, "best")).toBe("best+easy-gt");
  expect(methodOf({ ...on, cell: { from: "draft" } }, true, "pen")).toBe("best+easy-gt");
  expect([methodOf(on, true, "easy-gt+pen"), methodOf(on, false, "import")]).toEqual(["easy-gt+pen", "pen"]);
});

const dab = (part: Stroke["part"], x: number, more: Partial<Stroke> = {}): Stroke => ({ part, tool: "brush", size: fine(3), path: [fine(x), fine(20)], ...more });

test("a kept mask is opened with the strokes that made it, and these are undone one by one", () => {
  const edit: Edit = { ...begin(sources, 90), nucleus: { from: "threshold", level: 70 }, least: 20, strokes: [dab("cell", 33), dab("cell", 5), dab("nucleus", 16)] };
  const own = masksOf(edit, sources);
  const found = replayed({ method: "best+easy-gt+pen", strokes: written(edit) }, { ...sources, own }, 90);
  expect(found).toEqual(edit);
  let back = undone(fresh(found ?? begin(sources, 90)));
  expect(back?.now.strokes).toEqual(edit.strokes.slice(0, 2));
  back = back && undone(back);
  back = back && undone(back);
  expect([back?.now.strokes, back && undone(back)]).toEqual([[], undefined]);
});

test("a draft that was kept as it was is opened as that draft; a failed nucleus does not matter", () => {
  const kept = { method: "best", strokes: "" };
  expect(replayed(kept, { ...sources, own: sources.draft }, 90)).toEqual(begin(sources, 90));
  expect(replayed(kept, { ...sources, own: { cell: disc(20, 20, 14) } }, 90)).toEqual(begin(sources, 90));
});

test("strokes that do not make what was kept to the pixel are not replayed", () => {
  const edit: Edit = { ...begin(sources, 90), strokes: [dab("cell", 33)] };
  const own = masksOf(edit, sources);
  const kept = { method: "best+pen", strokes: written(edit) };
  // The program draws something else today.
  expect(replayed(kept, { ...sources, own, draft: { ...sources.draft, cell: disc(21, 20, 14) } }, 90)).toBeUndefined();
  // It went on from masks that are no longer there, or nothing was drawn, or nothing can be read.
  expect(replayed({ ...kept, strokes: written({ ...edit, cell: { from: "own" } }) }, { ...sources, own }, 90)).toBeUndefined();
  expect(replayed(kept, { ...sources, own: {} }, 90)).toBeUndefined();
  expect(replayed({ method: "pen", strokes: "" }, { ...sources, own }, 90)).toBeUndefined();
});

test("strokes that stay off other cells add nothing there, and take nothing away", () => {
  const beside = blank().map((_, at) => Number(at % 40 >= 30));
  const ground = { ...sources, beside };
  const before = masksOf(begin(sources, 90), sources);
  const widest = (masks: typeof before) => Math.max(...Array.from({ length: 1600 }, (_, at) => (masks.cell[at] ? at % 40 : 0)));
  expect(widest(before)).toBe(33);
  const free = stroked(before, dab("cell", 36), ground);
  const kept = stroked(before, dab("cell", 36, { off: true }), ground);
  expect([widest(free), kept.cell]).toEqual([38, before.cell]);
  expect(count(stroked(before, dab("cell", 29, { off: true, size: fine(14) }), ground).cell)).toBeGreaterThan(count(before.cell));
  // A new outline leaves the old one, also where that lay in another cell.
  const path = [fine(10), fine(10), fine(38), fine(10), fine(38), fine(30), fine(10), fine(30)];
  const outlined = stroked(before, { part: "cell", tool: "outline", size: 0, path, off: true }, ground);
  expect([widest(outlined), count(outlined.cell)]).toEqual([29, 400]);
  // Where nobody knows of other cells, nothing is held back.
  expect(stroked(before, dab("cell", 36, { off: true }), sources)).toEqual(free);
});

test("a smooth line: what juts out or in less than the disc goes, what is straight stays, also at the edge", () => {
  const half = blank().map((_, at) => Number(at % 40 < 20));
  expect(smoothed(half, extent, 4)).toEqual(half);
  const rough = half.slice();
  for (const x of [20, 21, 22]) rough[20 * 40 + x] = 1;
  for (const x of [17, 18, 19]) rough[8 * 40 + x] = 0;
  expect(smoothed(rough, extent, 4)).toEqual(half);
  const stroke: Stroke = { part: "cell", tool: "smooth", size: fine(4), path: [] };
  expect(stroked({ nucleus: blank(), cell: rough }, stroke, sources).cell).toEqual(half);
});

test("regions smaller than one asks for go, whatever else stays", () => {
  const far = channel.slice();
  far.fill(150, 0, 6);
  const on = (least: number): Edit => ({ ...begin({ draft: {}, own: {} }, 90), keep: "all", fill: false, least });
  const made = (least: number) => count(masksOf(on(least), { ...sources, channel: far }).nucleus);
  expect([made(0) - made(7), made(6), made(1000)]).toEqual([6, made(0), 0]);
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
  expect(count(stroked(before, { part: "cell", tool: "outline", size: 0, path }, sources).cell)).toBe(16);
  expect(count(stroked(before, { part: "nucleus", tool: "outline", size: 0, path }, sources).nucleus)).toBe(count(before.nucleus) + 16);
});

test("trim cuts the nucleus to the cell, grow widens the cell to it", () => {
  const masks = { nucleus: disc(20, 20, 8), cell: disc(24, 20, 8) };
  const trimmed = stroked(masks, { part: "nucleus", tool: "trim", size: 0, path: [] }, sources);
  const grown = stroked(masks, { part: "cell", tool: "grow", size: 0, path: [] }, sources);
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
  const { least: _least, ...before } = JSON.parse(written(edit)) as Record<string, unknown>;
  expect(read(JSON.stringify(before))).toEqual(edit);
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
