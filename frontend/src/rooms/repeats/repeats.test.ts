import { describe, expect, it } from "vitest";

import { answered, begun, joined, nowOf, oneBack, shadeOf } from "./answering";
import { type NearPair, previewUrl, sameLines, thresholdUrl } from "./api";
import { type Affine, inverse, moved, ofCrops, ring, shared, shareAt, stepped, transformOf, UNMOVED } from "./laying";

const pair = (a: string, b: string): NearPair => ({ a, b, smear: "S", average_bits: 3, perceptual_bits: 4, correlation: null, margin: 1 });

describe("one picture upon another", () => {
  const turned: Affine = [0, -1, 100, 1, 0, 0];
  it("is written by columns, in the sides of what is drawn", () => {
    expect(transformOf([1, 2, 3, 4, 5, 6])).toBe("matrix(1 4 2 5 3 6)");
    expect(ofCrops([1, 0, 0.25, 0, 1, -0.5], 200)).toEqual([1, 0, 50, 0, 1, -100]);
  });
  it("goes there and back", () => {
    expect(moved(turned, [10, 20])).toEqual([80, 10]);
    const back = inverse(turned);
    expect(back && moved(back, [80, 10])).toEqual([10, 20]);
    expect(inverse([1, 2, 0, 2, 4, 0])).toBeUndefined();
  });
  it("shares what lies in both", () => {
    const size = { width: 100, height: 80 };
    expect(shared(UNMOVED, size, size)).toHaveLength(4);
    const corner = shared([1, 0, 60, 0, 1, -30], size, size);
    expect(new Set(corner.map(([x, y]) => `${x},${y}`))).toEqual(new Set(["60,0", "100,0", "100,50", "60,50"]));
    expect(shared([1, 0, 200, 0, 1, 0], size, size)).toEqual([]);
  });
  it("is wiped from the left, whichever way people read, and no further than its edges", () => {
    expect([stepped(98, 5), stepped(3, -5), stepped(40, 5)]).toEqual([100, 0, 45]);
    expect(shareAt(150, { left: 100, width: 200 })).toBe(25);
    expect(shareAt(90, { left: 100, width: 200 })).toBe(0);
    expect(shareAt(5, { left: 0, width: 0 })).toBe(0);
  });
  it("stands in a ring with the kept one on top", () => {
    const [top, below] = ring(2);
    expect(top?.map(Math.round)).toEqual([50, 14]);
    expect(below?.map(Math.round)).toEqual([50, 86]);
    expect(ring(5)).toHaveLength(5);
  });
});

describe("answering pairs", () => {
  const three = [pair("a", "b"), pair("c", "d"), pair("e", "f")];
  it("goes on, and back", () => {
    let state = answered(answered(begun(three), "same"), "different");
    expect([nowOf(state)?.a, state.answers]).toEqual(["e", ["same", "different"]]);
    state = oneBack(state);
    expect([nowOf(state)?.a, state.answers]).toEqual(["c", ["same"]]);
    expect(oneBack(begun(three))).toEqual(begun(three));
  });
  it("answers nothing where nothing is asked", () => {
    const done = answered(begun([pair("a", "b")]), "unsure");
    expect(nowOf(done)).toBeUndefined();
    expect(answered(done, "same")).toBe(done);
  });
  it("takes fresh pairs behind the one that is looked at, each once", () => {
    const state = answered(begun(three), "same");
    const more = joined(state, [pair("e", "f"), pair("c", "d"), pair("g", "h"), pair("a", "b")]);
    expect(more.pairs.map(({ a }) => a)).toEqual(["a", "c", "e", "g"]);
    expect(nowOf(more)?.a).toBe("c");
  });
});

describe("what is asked of the service", () => {
  const lines = { method: "paper", average_bits: 6, perceptual_bits: 12, correlation: 0.925 };
  it("leaves out the thresholds of the other way", () => {
    expect(previewUrl(lines, null)).toBe("/api/repeats/preview?method=paper&average_bits=6&perceptual_bits=12");
    expect(previewUrl({ ...lines, method: "registered" }, "s1")).toBe("/api/repeats/preview?method=registered&correlation=0.925&smear_id=s1");
    expect(sameLines(lines, { ...lines, correlation: 0.9 })).toBe(true);
    expect(sameLines(lines, { ...lines, average_bits: 7 })).toBe(false);
  });
  it("asks for the lines in force where none are given", () => {
    const looked = { way: "hashes", smear: null, average: null, perceptual: 9, correlation: null } as const;
    expect(thresholdUrl(looked)).toBe("/api/repeats/threshold?way=hashes&perceptual_bits=9");
  });
  it("shades many pairs little darker than some", () => {
    expect([shadeOf(0, 100), shadeOf(100, 100)]).toEqual([0, 1]);
    expect(shadeOf(10, 1000)).toBeGreaterThan(0.3);
  });
});
