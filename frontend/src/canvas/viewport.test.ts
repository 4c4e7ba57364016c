import { describe, expect, it } from "vitest";

import { clamp, CLOSEST, fit, pan, project, readingOrder, reveal, show, zoom } from "./viewport";

const screen = { width: 816, height: 616 };
const picture = { width: 1600, height: 1200 };

describe("fit", () => {
  it("shows the whole picture, centred, with a margin", () => {
    expect(fit(screen, picture)).toEqual({ k: 0.5, x: 8, y: 8 });
  });
  it("leaves room at the sides of a tall picture", () => {
    const { k, x, y } = fit(screen, { width: 300, height: 1200 });
    expect([k, x, y]).toEqual([0.5, 333, 8]);
  });
});

describe("zoom", () => {
  it("keeps the point under the cursor where it is", () => {
    const before = fit(screen, picture);
    const at = { x: 400, y: 300 };
    const after = zoom(before, 3, at, screen, picture);
    const pointBefore = { x: (at.x - before.x) / before.k, y: (at.y - before.y) / before.k };
    expect((at.x - after.x) / after.k).toBeCloseTo(pointBefore.x);
    expect((at.y - after.y) / after.k).toBeCloseTo(pointBefore.y);
    expect(after.k).toBeCloseTo(1.5);
  });
  it("goes no farther than the whole picture, and no closer than the limit", () => {
    const whole = fit(screen, picture);
    expect(zoom(whole, 0.1, { x: 0, y: 0 }, screen, picture)).toEqual(whole);
    expect(zoom(whole, 1e6, { x: 0, y: 0 }, screen, picture).k).toBe(CLOSEST);
  });
});

describe("pan", () => {
  it("never loses the picture", () => {
    const near = zoom(fit(screen, picture), 4, { x: 400, y: 300 }, screen, picture);
    const far = pan(near, { x: 1e6, y: -1e6 }, screen, picture);
    expect(far.x).toBe(8);
    expect(far.y).toBe(screen.height - far.k * picture.height - 8);
    expect(clamp(far, screen, picture)).toEqual(far);
  });
});

describe("show and reveal", () => {
  const box = { left: 1000, top: 600, right: 1100, bottom: 700 };
  it("puts a box in the middle, at a share of the shorter side", () => {
    const seen = project(box, show(box, 0.4, screen, picture));
    expect(seen.right - seen.left).toBeCloseTo(0.4 * 616);
    expect((seen.left + seen.right) / 2).toBeCloseTo(408);
    expect((seen.top + seen.bottom) / 2).toBeCloseTo(308);
  });
  it("moves only when the box is out of sight, and only as far as needed", () => {
    const whole = fit(screen, picture);
    expect(reveal(whole, box, screen, picture)).toBe(whole);
    const near = show({ left: 0, top: 0, right: 100, bottom: 100 }, 0.4, screen, picture);
    const seen = project(box, reveal(near, box, screen, picture));
    expect(seen.right).toBeCloseTo(808);
    expect(seen.bottom).toBeCloseTo(608);
  });
});

it("reads boxes in rows from left to right", () => {
  const at = (left: number, top: number) => ({ left, top, right: left + 10, bottom: top + 10 });
  const boxes = [at(50, 2), at(0, 100), at(10, 4), at(90, 103)];
  expect(readingOrder(boxes, (box) => box).map((box) => box.left)).toEqual([10, 50, 0, 90]);
});
