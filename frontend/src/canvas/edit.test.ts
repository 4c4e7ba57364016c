import { expect, it } from "vitest";

import { boxAt, grown, handleAt, HANDLES, handleNear, moved, put, resized, SMALLEST } from "./edit";
import type { Rectangle } from "./viewport";

const picture = { width: 400, height: 300 };
const box = { left: 100, top: 100, right: 180, bottom: 160 };
const size = ({ left, top, right, bottom }: Rectangle) => [right - left, bottom - top];

it("moves a box in whole pixels, keeps its size, and stops at the picture's edge", () => {
  expect(moved(box, { x: 10.4, y: -3.6 }, picture)).toEqual({ left: 110, top: 96, right: 190, bottom: 156 });
  expect(moved(box, { x: 1000, y: 1000 }, picture)).toEqual({ left: 320, top: 240, right: 400, bottom: 300 });
  expect(moved(box, { x: -1000, y: -1000 }, picture)).toEqual({ left: 0, top: 0, right: 80, bottom: 60 });
});

it("pulls only the edges of the handle, eight of them", () => {
  const by = { x: 7, y: 5 };
  const changed = HANDLES.map((handle) => {
    const next = resized(box, handle, by, picture);
    return [next.left - box.left, next.top - box.top, next.right - box.right, next.bottom - box.bottom];
  });
  expect(changed).toEqual([
    [7, 5, 0, 0],
    [0, 5, 0, 0],
    [0, 5, 7, 0],
    [0, 0, 7, 0],
    [0, 0, 7, 5],
    [0, 0, 0, 5],
    [7, 0, 0, 5],
    [7, 0, 0, 0],
  ]);
});

it("never turns a box over, and never leaves the picture", () => {
  expect(resized(box, { x: -1, y: -1 }, { x: 500, y: 500 }, picture)).toEqual({ left: 180 - SMALLEST, top: 160 - SMALLEST, right: 180, bottom: 160 });
  expect(resized(box, { x: 1, y: 1 }, { x: 500, y: 500 }, picture)).toEqual({ left: 100, top: 100, right: 400, bottom: 300 });
});

it("grows and shrinks around the middle, no further than allowed", () => {
  expect(grown(box, 3, picture)).toEqual({ left: 97, top: 97, right: 183, bottom: 163 });
  expect(Math.min(...size(grown(box, -100, picture)))).toBe(SMALLEST);
  expect(grown(box, 1000, picture)).toEqual({ left: 0, top: 0, right: 400, bottom: 300 });
});

it("puts a square around a point, inside the picture and no larger than it", () => {
  expect(put({ x: 200, y: 150 }, 60, picture)).toEqual({ left: 170, top: 120, right: 230, bottom: 180 });
  expect(put({ x: 2, y: 299 }, 60, picture)).toEqual({ left: 0, top: 240, right: 60, bottom: 300 });
  expect(size(put({ x: 200, y: 150 }, 5000, picture))).toEqual([300, 300]);
});

it("finds the nearest handle, and leaves the middle of a small box for moving", () => {
  for (const handle of HANDLES) expect(handleNear(box, handleAt(box, handle), 22)).toEqual(handle);
  expect(handleNear(box, { x: 140, y: 130 }, 22)).toBeUndefined();
  const small = { left: 10, top: 10, right: 30, bottom: 30 };
  expect(handleNear(small, { x: 20, y: 20 }, 22)).toBeUndefined();
  expect(handleNear(small, { x: 34, y: 34 }, 22)).toEqual({ x: 1, y: 1 });
});

it("hits the smallest box that holds a point, else one whose target does", () => {
  const boxes = [box, { left: 120, top: 120, right: 140, bottom: 140 }, { left: 300, top: 20, right: 310, bottom: 30 }];
  const hit = (x: number, y: number) => boxes.indexOf(boxAt(boxes, (each) => each, { x, y }, 44) ?? box);
  expect(hit(130, 130)).toBe(1);
  expect(hit(170, 150)).toBe(0);
  expect(hit(320, 40)).toBe(2);
  expect(boxAt(boxes, (each) => each, { x: 380, y: 280 }, 44)).toBeUndefined();
});
