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

export function TermDialog({ open, taxonomy, notWhite, onTerm, onClose }: { open: boolean; taxonomy: Taxonomy; notWhite: boolean; onTerm: (key: string) => void; onClose: () => void }) {
  const words = useWords();
  const { label } = words;
  const terms = choices(taxonomy).flatMap(({ key, depth }) => {
    const term = taxonomy.terms.find((each) => each.key === key);
    return term && (!notWhite || NOT_WHITE.has(term.kind)) ? [{ ...term, depth: notWhite ? 0 : depth }] : [];
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

export function CommentDialog({ open, text, onSave, onClose }: { open: boolean; text: string; onSave: (text: string) => void; onClose: () => void }) {
  const { label } = useWords();
  return (
    <Sheet title={label.tool["comment"] ?? ""} open={open} onClose={onClose}>
      {open ? <CommentForm text={text} onSave={onSave} hint={label.commentHint} /> : null}
    </Sheet>
  );
}

const LONGEST_COMMENT = 2000;

function CommentForm({ text: before, onSave, hint }: { text: string; onSave: (text: string) => void; hint: string }) {
  const { label } = useWords();
  const [text, setText] = useState(before);
  const send = (event?: FormEvent) => {
    event?.preventDefault();
    onSave(text.trim());
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
        }}
      >
        <Label>{hint}</Label>
        <TextArea rows={4} dir="auto" />
      </TextField>
      <Button type="submit" className="button strong">
        {label.saveComment}
      </Button>
    </form>
  );
}
