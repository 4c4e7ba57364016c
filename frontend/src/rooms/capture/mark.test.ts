import encodeQR from "qr";
import { expect, test } from "vitest";

import { decoded, isCode, markText, readMark } from "./mark";

/** A picture of a QR code, drawn as on paper: dark on light, with a quiet rim. */
function drawn(text: string, scale: number) {
  const rows = encodeQR(text, "raw", { ecc: "medium", border: 4 });
  const side = rows.length * scale;
  const data = new Uint8ClampedArray(side * side * 4);
  for (let y = 0; y < side; y += 1)
    for (let x = 0; x < side; x += 1) {
      const dark = rows[Math.floor(y / scale)]?.[Math.floor(x / scale)];
      data.set(dark ? [20, 20, 30, 255] : [240, 238, 230, 255], (y * side + x) * 4);
    }
  return { width: side, height: side, data };
}

test.each([{ code: "S-26-0001" }, { code: "A/7#b+c:d_e.f", site: "ward 7, north" }, { code: "12", site: "بخش ۷" }])("what stands on a slide is read back from its picture: %j", (mark) => {
  const text = markText(mark);
  expect(text).toMatch(/^buffycoat:smear\/[\x21-\x7e]+$/);
  expect(decoded(drawn(text, 4))).toBe(text);
  expect(readMark(text)).toEqual(mark);
});

test("a site that is not known is not written", () => {
  expect(markText({ code: "A", site: "unknown" })).toBe("buffycoat:smear/A");
});

test.each([
  ["S-26-0001", { code: "S-26-0001" }],
  [" BUFFYCOAT:SMEAR/A1 ", { code: "A1" }],
  ["https://studio.example/smears/1", undefined],
  ["buffycoat:smear/%", undefined],
  ["buffycoat:smear/Jane%20Doe", undefined],
  ["Jane Doe", undefined],
  ["", undefined],
])("of a code by other programs: %s", (text, wanted) => {
  expect(readMark(text)).toEqual(wanted);
});

test("a code is no name: it has no spaces, and an end", () => {
  expect(isCode("S-1")).toBe(true);
  expect(isCode("Jane Doe")).toBe(false);
  expect(isCode("x".repeat(41))).toBe(false);
});

test("a picture without a code says nothing", () => {
  expect(decoded({ width: 64, height: 64, data: new Uint8ClampedArray(64 * 64 * 4).fill(200) })).toBeUndefined();
});
