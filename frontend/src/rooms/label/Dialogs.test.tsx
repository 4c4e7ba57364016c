import { fireEvent, render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { ReasonDialog } from "../adjudicate/Sheets";
import { CommentDialog } from "./Dialogs";

it.each([
  ["a comment", (onClose: () => void) => <CommentDialog open naming={false} text="" onSave={() => undefined} onClose={onClose} />],
  ["a reason", (onClose: () => void) => <ReasonDialog open term={undefined} before="" onSave={() => undefined} onClose={onClose} />],
])("closes %s with Esc, also while something is typed", (_, dialog) => {
  const onClose = vi.fn();
  render(dialog(onClose));
  const field = screen.getByRole("textbox");
  fireEvent.change(field, { target: { value: "two nuclei" } });
  fireEvent.keyDown(field, { key: "Escape", code: "Escape" });
  expect(onClose).toHaveBeenCalledOnce();
});
