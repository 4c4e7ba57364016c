/** What opens over the cell: the list of all classes, and a comment. */
import { type FormEvent, type ReactNode, useState } from "react";
import {
  Autocomplete,
  Button,
  Dialog,
  Heading,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Modal,
  ModalOverlay,
  SearchField,
  TextArea,
  TextField,
} from "react-aria-components";

import type { Taxonomy } from "../../api/client";
import { useWords } from "../../words/words";
import { choices, termName } from "../cells/terms";

export function Sheet({ title, open, onClose, children, className = "sheet" }: { title: string; open: boolean; onClose: () => void; children: ReactNode; className?: string }) {
  const words = useWords();
  return (
    <ModalOverlay className="veil" isOpen={open} onOpenChange={(now) => now || onClose()} isDismissable>
      <Modal className={className}>
        <Dialog>
          <div className="sheet-head">
            <Heading slot="title">{title}</Heading>
            <Button className="plain" slot="close" aria-label={words.app.close}>
              ✕
            </Button>
          </div>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** Kinds that are no white cell; the list opens with these alone after "not a white cell". */
const NOT_WHITE = new Set(["other-cell", "artifact", "remnant", "defect"]);

/** Persian letters that Arabic keyboards write otherwise, joiners, and Latin capitals are one for searching. */
const folded = (text: string): string =>
  text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/ي/g, "ی")
    .replace(/ك/g, "ک")
    .replace(/[\u0300-\u036f\u064b-\u065f\u0654\u200c]/g, "");

/** A class that is named in words: "other, name it". */
export const NAMED = "other-named";

export interface TermDialogProps {
  open: boolean;
  taxonomy: Taxonomy;
  notWhite: boolean;
  /** Whether a name in words can go with the answer; where not, the class that needs one is left out. */
  nameable?: boolean;
  onTerm: (key: string) => void;
  onClose: () => void;
}

export function TermDialog({ open, taxonomy, notWhite, nameable = false, onTerm, onClose }: TermDialogProps) {
  const words = useWords();
  const { label } = words;
  const terms = choices(taxonomy).flatMap(({ key, depth }) => {
    const term = taxonomy.terms.find((each) => each.key === key);
    return term && (!notWhite || NOT_WHITE.has(term.kind)) && (nameable || key !== NAMED) ? [{ ...term, depth: notWhite ? 0 : depth }] : [];
  });
  // English names and the spellings of files find a class too, whatever the page's language is.
  const sought = new Map(terms.map((term) => [termName(term.key, taxonomy, words), folded([termName(term.key, taxonomy, words), term.name, term.key, ...(term.aliases ?? [])].join(" "))]));
  return (
    <Sheet title={label.tool[notWhite ? "notWhite" : "other"] ?? ""} open={open} onClose={onClose}>
      <Autocomplete filter={(name, input) => (sought.get(name) ?? folded(name)).includes(folded(input))}>
        <SearchField className="text-field" autoFocus aria-label={label.search}>
          <Input placeholder={label.search} dir="auto" spellCheck={false} />
        </SearchField>
        <ListBox
          className="term-list"
          aria-label={label.classes}
          items={terms}
          onAction={(key) => onTerm(String(key))}
          renderEmptyState={() => <p className="quiet">{label.noClass}</p>}
        >
          {(term) => (
            <ListBoxItem id={term.key} textValue={termName(term.key, taxonomy, words)} className={`option depth-${term.depth}`}>
              {termName(term.key, taxonomy, words)}
            </ListBoxItem>
          )}
        </ListBox>
      </Autocomplete>
    </Sheet>
  );
}

export interface CommentDialogProps {
  open: boolean;
  /** The comment is the name of a class that is not in the list: without one there is no answer. */
  naming: boolean;
  text: string;
  onSave: (text: string) => void;
  onClose: () => void;
}

export function CommentDialog({ open, naming, text, onSave, onClose }: CommentDialogProps) {
  const { label, offline } = useWords();
  const title = label.tool[naming ? "other" : "comment"] ?? "";
  return (
    <Sheet title={title} open={open} onClose={onClose}>
      {open ? <CommentForm text={text} onSave={onSave} needed={naming} hint={naming ? offline.nameHint : label.commentHint} /> : null}
    </Sheet>
  );
}

const LONGEST_COMMENT = 2000;

function CommentForm({ text: before, onSave, needed, hint }: { text: string; onSave: (text: string) => void; needed: boolean; hint: string }) {
  const { label } = useWords();
  const [text, setText] = useState(before);
  const send = (event?: FormEvent) => {
    event?.preventDefault();
    if (!needed || text.trim()) onSave(text.trim());
  };
  return (
    <form className="entry" onSubmit={send}>
      <TextField
        className="text-field"
        value={text}
        onChange={setText}
        autoFocus
        maxLength={LONGEST_COMMENT}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send();
          // What a field listens to stays in it, unless it is let go: Esc closes the dialog.
          if (event.key === "Escape") event.continuePropagation();
        }}
      >
        <Label>{hint}</Label>
        <TextArea rows={4} dir="auto" />
      </TextField>
      <Button type="submit" className="button strong" isDisabled={needed && !text.trim()}>
        {label.saveComment}
      </Button>
    </form>
  );
}
