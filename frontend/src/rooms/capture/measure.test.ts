import { expect, test } from "vitest";

import { Best, type Frame, type Measured, measure, verdictOf } from "./measure";

/** A picture that can be made here and in Python alike; with a dark surround, as an ocular has it. */
function made(width: number, height: number, rim: boolean): Frame {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const outside = rim && (x - Math.floor(width / 2)) ** 2 + (y - Math.floor(height / 2)) ** 2 > (Math.min(width, height) * 0.4) ** 2;
      const color = outside ? [2, 1, 0, 255] : [(x * 7 + y * 3) % 256, (x * x + y * 5) % 251, (x * y) % 256, 255];
      data.set(color, (y * width + x) * 4);
    }
  return { width, height, data };
}

// What buffycoat.imaging.quality.measure_quality says of the same pictures.
test.each([
  [64, 48, false, 6.409697, 0.4993, 0.044525, 0.005607],
  [96, 80, true, 8.628449, 0.4837, 0.019039, 0.006242],
  [40, 9, false, 2.702584, 0.4212, 0.141667, 0.005556],
])("a picture of %i × %i, with a dark surround: %s, measures as in Python", (width, height, rim, focus, brightness, dark, bright) => {
  const found = measure(made(width, height, rim));
  expect(found.focus).toBeCloseTo(focus, 4);
  expect(found.brightness).toBeCloseTo(brightness, 4);
  expect(found.clippedDark).toBeCloseTo(dark, 5);
  expect(found.clippedBright).toBeCloseTo(bright, 5);
});

test("a picture of one gray has no focus, and a black one breaks nothing", () => {
  const flat = (level: number): Frame => ({ width: 16, height: 16, data: new Uint8ClampedArray(16 * 16 * 4).fill(level) });
  expect(measure(flat(128))).toEqual({ focus: 0, brightness: 128 / 255, clippedDark: 0, clippedBright: 0 });
  expect(measure(flat(0))).toEqual({ focus: 0, brightness: 0, clippedDark: 1, clippedBright: 0 });
});

test("sharpness counts beside the sharpest frame seen lately", () => {
  const best = new Best();
  expect(best.beside(0)).toBe(0);
  expect(best.beside(10)).toBe(1);
  expect(best.beside(5)).toBeCloseTo(0.5, 2);
  for (let frame = 0; frame < 400; frame += 1) best.beside(5);
  expect(best.beside(5)).toBe(1);
});

test.each<[Partial<Measured>, number, string]>([
  [{ brightness: 0.1, clippedBright: 0.2 }, 0.1, "dark"],
  [{ clippedBright: 0.2 }, 0.1, "clipped"],
  [{}, 0.5, "unsharp"],
  [{}, 0.9, "good"],
])("of %j beside %d of the best is said: %s", (over, share, wanted) => {
  expect(verdictOf({ focus: 1, brightness: 0.6, clippedDark: 0, clippedBright: 0, ...over }, share)).toBe(wanted);
});
