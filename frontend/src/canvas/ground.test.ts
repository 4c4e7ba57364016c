import { expect, it } from "vitest";

import { cellView } from "../samples";
import { ground } from "./ground";

it("is as large as the photograph, where that is known", () => {
  expect(ground({ width_px: 1600, height_px: 1200 }, [cellView("c1", 5000)])).toEqual({ width: 1600, height: 1200 });
});

it("reaches a little beyond the boxes, where nobody knows the photograph's size", () => {
  // Crops end at 1120 and 220.
  expect(ground({ width_px: null, height_px: null }, [cellView("c1", 10), cellView("c2", 1000)])).toEqual({ width: 1176, height: 276 });
});

it("has a usual size, where there are no boxes either", () => {
  expect(ground({ width_px: null, height_px: null }, [])).toEqual({ width: 1600, height: 1200 });
});
