import { act, fireEvent, render, renderHook, screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import type { Person } from "../../api/people";
import type { Photograph } from "../../offline/photographs/photograph";
import type { Sender } from "../../offline/photographs/sender";
import { joined, NotStripped, ofText } from "../../offline/photographs/strip/bytes";
import { chunk } from "../../offline/photographs/strip/png";
import { NO_BYTES } from "../../offline/photographs/trouble";
import { en } from "../../words/en";
import { fa } from "../../words/fa";
import { Micrometer } from "./Micrometer";
import { PhotoSheet } from "./PhotoSheet";
import { whyNot } from "./prepare";
import type { Remembered } from "./remembered";
import { useShooting } from "./useShooting";

const PNG = joined([ofText("\x89PNG\r\n\x1a\n"), chunk("IHDR", Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0)), chunk("IDAT", ofText("pixels")), chunk("IEND", new Uint8Array(0))]);
const good = (name: string): File => Object.assign(new File([PNG], name), { arrayBuffer: () => Promise.resolve(PNG.slice().buffer) });
/** A file that was moved, or that lies in a cloud, after it was chosen. */
const unreadable = (name: string): File => Object.assign(new File([PNG], name), { arrayBuffer: () => Promise.reject(new DOMException("moved", "NotReadableError")) });
const EDNA = { id: "p1", handle: "edna" } as Person;
const CHOICES = { smear: { code: "S-1" }, preset: null, counting: "yes", since: 0 } as unknown as Remembered;
const WAITING: Photograph = {
  ...{ client: "c1", person: "p1", handle: "edna", smear: { code: "S-1" }, preset: null, counting: "yes", taken: "2026-11-23", given_at: "2026-11-23T10:00:00Z" },
  ...{ name: "S-1.png", type: "image/png", size: 400, digest: "0".repeat(64), small: null, state: "waiting", upload: null, offset: 0, field: null, repeat: false },
  ...{ white_cells: null, refusal: "", detail: "" },
};

test("every reason why a file is not kept can be told", () => {
  expect(whyNot("a", new NotStripped("kind", "GIF"))).toEqual({ name: "a", why: "kind", kind: "GIF" });
  expect(whyNot("a", new RangeError())).toMatchObject({ why: "damaged" });
  expect(whyNot("a", new DOMException("moved", "NotReadableError"))).toEqual({ name: "a", why: "unread", kind: "" });
  for (const { capture } of [en, fa]) expect(capture.notTaken.unread("")).not.toBe("");
});

test("a file that cannot be read is named, and those after it are kept", async () => {
  const give = vi.fn().mockResolvedValue(WAITING);
  const choose = vi.fn();
  const { result } = renderHook(() => useShooting({ give } as unknown as Sender, EDNA, CHOICES, choose));
  const kept: boolean[] = [];
  await act(async () => void kept.push(await result.current.add([unreadable("gone.png"), good("one.png")])));
  await act(async () => void kept.push(await result.current.add([good("two.png")])));
  expect(kept).toEqual([false, true]);
  expect(give).toHaveBeenCalledTimes(2);
  expect(result.current).toMatchObject({ preparing: 0, refused: [{ name: "gone.png", why: "unread" }] });
});

test("a photograph of a micrometer that cannot be read is told of, and another can be chosen", async () => {
  const { container } = render(<Micrometer onMeasured={() => undefined} />);
  const input = container.querySelector("input[type=file]") as HTMLInputElement;
  fireEvent.change(input, { target: { files: [unreadable("gone.png")] } });
  await screen.findByText(en.capture.notTaken.unread(""));
  await waitFor(() => expect(input.disabled).toBe(false));
});

function opened(photograph: Photograph, kept: Promise<boolean>) {
  const remove = vi.fn().mockResolvedValue(undefined);
  const onClose = vi.fn();
  const onRetake = vi.fn(() => kept);
  const sender = { remove, bytesOf: () => Promise.resolve(undefined) } as unknown as Sender;
  render(<PhotoSheet photograph={photograph} share={undefined} sender={sender} onRetake={onRetake} onClose={onClose} />);
  return { remove, onClose, onRetake };
}

test("the old photograph stays until the new one is kept", async () => {
  let settle: (kept: boolean) => void = () => undefined;
  const { remove, onClose, onRetake } = opened(WAITING, new Promise((resolve) => (settle = resolve)));
  const input = (await screen.findByLabelText(en.capture.retake)) as HTMLInputElement;
  fireEvent.change(input, { target: { files: [good("new.png")] } });
  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(onRetake).toHaveBeenCalledOnce();
  expect(remove).not.toHaveBeenCalled();
  await act(async () => settle(true));
  expect(remove).toHaveBeenCalledExactlyOnceWith("c1");
});

test("the old photograph stays where the new one is not kept", async () => {
  const { remove, onClose } = opened(WAITING, Promise.resolve(false));
  fireEvent.change(await screen.findByLabelText(en.capture.retake), { target: { files: [good("new.png")] } });
  await waitFor(() => expect(onClose).toHaveBeenCalled());
  await act(async () => Promise.resolve());
  expect(remove).not.toHaveBeenCalled();
});

test("one of which the picture is gone says so", async () => {
  opened({ ...WAITING, state: "refused", refusal: NO_BYTES }, Promise.resolve(true));
  await screen.findByText(en.capture.bytesGone);
});

test("a size is told in the unit that fits", () => {
  expect([1, 400, 41_300, 998_999, 999_000, 3_460_000].map(en.capture.size)).toEqual(["1 KB", "1 KB", "42 KB", "999 KB", "1 MB", "3.5 MB"]);
  expect(fa.capture.size(41_300)).toBe("۴۲ کیلوبایت");
});
