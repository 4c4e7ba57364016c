import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";

import { metadata as en } from "../../words/metadata.en";
import { Speech } from "../../words/words";
import { History } from "./History";
import type { Row } from "./table";

const row = {
  key: "s1 k1",
  smear: { id: "s1", code: "S1", site: "lab", stain: "giemsa" },
  setup: { id: "k1", microscope: "m", camera: "phone", micrometres_per_pixel: 0.2, scale_source: "typed" },
  photographs: ["a", "b"],
  crops: 0,
} as unknown as Row;
const change = (correction: string, fact: string, before: unknown, after: unknown, photographs: string[]) => ({ correction, fact, before, after, made_at: "2026-01-02T03:04:05Z", by: "carla", photographs });

afterEach(() => vi.unstubAllGlobals());

it("sets back by taking corrections back, of the row alone, and says where it cannot", async () => {
  const sent: [string, unknown][] = [];
  vi.stubGlobal("fetch", async (asked: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(new URL(asked instanceof Request ? asked.url : String(asked), "http://localhost"), init);
    if (request.method === "POST") {
      sent.push([new URL(request.url).pathname, await request.json()]);
      return Response.json({ smears: 0, photographs: 1, stayed: 1, corrections: ["c9"] });
    }
    return Response.json([change("c2", "micrometres_per_pixel", 0.1, 0.2, ["a", "b"]), change("c1", "camera", "tablet", "phone", ["a"])]);
  });
  render(
    <Speech>
      <History row={row} onClose={() => undefined} onChanged={() => undefined} />
    </Speech>,
  );
  const [button, ...others] = await screen.findAllByRole("button", { name: /^Set / });
  expect(others).toEqual([]);
  expect(screen.getByText(en.metadata.notShared)).toBeTruthy();
  fireEvent.click(button!);
  await waitFor(() => expect(sent).toEqual([["/api/metadata/undo", { corrections: ["c2"], fact: "micrometres_per_pixel", photographs: ["a", "b"] }]]));
  expect(await screen.findByText(en.metadata.stayed(1))).toBeTruthy();
});
