/** What opens over a disputed cell: the reason for a decision, and the keys. */
import { type FormEvent, useState } from "react";
import { Button, Label, TextArea, TextField } from "react-aria-components";

import type { Taxonomy } from "../../api/client";
import { type Bindings, termOf } from "../../keys/bindings";
import { cap, shown } from "../../keys/chords";
import { useWords } from "../../words/words";
import { termName } from "../cells/terms";
import { Sheet } from "../label/Dialogs";
import { OPINION_KEYS } from "./Opinions";

const LONGEST = 2000;

export interface ReasonProps {
  /** What is being decided; without it the reason is for a decision that stands or is to come. */
  term: string | undefined;
  before: string;
  open: boolean;
  onSave: (reason: string) => void;
  onClose: () => void;
}

export function ReasonDialog({ term, before, open, onSave, onClose }: ReasonProps) {
  const { adjudicate } = useWords();
  return (
    <Sheet title={term === undefined ? adjudicate.reason : adjudicate.reasonOf(term)} open={open} onClose={onClose}>
      {open ? <ReasonForm needed={term !== undefined} before={before} onSave={onSave} /> : null}
    </Sheet>
  );
}

function ReasonForm({ needed, before, onSave }: { needed: boolean; before: string; onSave: (reason: string) => void }) {
  const { adjudicate } = useWords();
  const [text, setText] = useState(before);
  const missing = needed && text.trim() === "";
  const send = (event?: FormEvent) => {
    event?.preventDefault();
    if (!missing) onSave(text.trim());
  };
  return (
    <form className="entry" onSubmit={send}>
      <TextField
        className="text-field"
        value={text}
        onChange={setText}
        autoFocus
        isRequired={needed}
        maxLength={LONGEST}
        onKeyDown={(event) => {
          // What a field listens to stays in it, unless it is let go: Esc closes the dialog.
          if (event.key === "Escape") event.continuePropagation();
          // A reason is a line: Enter decides, with Shift it goes on.
          if (event.key !== "Enter" || event.shiftKey) return;
          event.preventDefault();
          send();
        }}
      >
        <Label>{needed ? adjudicate.reasonNeeded : adjudicate.reasonHint}</Label>
        <TextArea rows={3} dir="auto" />
      </TextField>
      <Button type="submit" className="button strong" isDisabled={missing}>
        {needed ? adjudicate.keepReason : adjudicate.saveReason}
      </Button>
    </form>
  );
}

export function KeysSheet({ open, taxonomy, bindings, onClose }: { open: boolean; taxonomy: Taxonomy; bindings: Bindings; onClose: () => void }) {
  const words = useWords();
  const { adjudicate } = words;
  const { keyNames } = adjudicate;
  const classes = Object.entries(bindings).flatMap(([action, chords]) => {
    const term = termOf(action);
    return term === undefined || chords.length === 0 ? [] : [[cap(chords), termName(term, taxonomy, words)] as const];
  });
  const of = (...actions: readonly string[]) => actions.map((action) => cap(bindings[action] ?? [])).join("  ");
  const tools = [
    [OPINION_KEYS.slice(0, 2).map(shown).join("  "), keyNames.opinions],
    [of("comment"), keyNames.reason],
    [of("next", "previous"), keyNames.next],
    [of("skip"), keyNames.skip],
    [of("field"), keyNames.field],
    [of("zoom"), keyNames.zoom],
    [of("other"), keyNames.other],
    [of("undo"), adjudicate.undo],
    [(bindings["redo"] ?? []).slice(0, 1).map(shown).join(), adjudicate.redo],
  ] as const;
  const rows = (pairs: readonly (readonly [string, string])[]) => (
    <dl className="facts">
      {pairs.map(([key, does]) => (
        <div key={`${key} ${does}`}>
          <dt dir="ltr">
            <kbd>{key}</kbd>
          </dt>
          <dd>{does}</dd>
        </div>
      ))}
    </dl>
  );
  return (
    <Sheet title={adjudicate.keys} open={open} onClose={onClose}>
      <p className="quiet">{adjudicate.keysMeaning}</p>
      {rows(tools)}
      <h3>{keyNames.classes}</h3>
      {rows(classes)}
    </Sheet>
  );
}
