/** The sheet of keys of this screen, where each of them can be changed. */
import type { Taxonomy } from "../../api/client";
import type { Bindings } from "../../keys/bindings";
import { KeyTable } from "../../keys/KeyTable";
import { useWords } from "../../words/words";
import { choices } from "../cells/terms";
import { Sheet } from "./Dialogs";
import { useActionName } from "./Reference";

export interface KeysDialogProps {
  open: boolean;
  taxonomy: Taxonomy;
  bindings: Bindings;
  onChange: (bindings: Bindings | null) => void;
  onClose: () => void;
}

export function KeysDialog({ open, taxonomy, bindings, onChange, onClose }: KeysDialogProps) {
  const { keypad } = useWords();
  const nameOf = useActionName(taxonomy);
  return (
    <Sheet title={keypad.title} open={open} onClose={onClose} className="sheet wide-sheet">
      {open ? <KeyTable taxonomy={taxonomy} terms={choices(taxonomy).map(({ key }) => key)} bindings={bindings} nameOf={nameOf} onChange={onChange} /> : null}
    </Sheet>
  );
}
