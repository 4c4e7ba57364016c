/** The sheet of keys and gestures of this screen. */
import { useWords } from "../../words/words";
import { Sheet } from "../label/Dialogs";

export function KeysOfLocate({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { locate } = useWords();
  const names = locate.keyNames;
  const rows: readonly (readonly [string, string])[] = [
    ["N", names.add],
    ["← ↑ → ↓", names.arrows],
    ["Ctrl ← ↑ → ↓", names.stretch],
    ["[  ]", names.size],
    ["Tab, Shift Tab", names.boxes],
    ["Enter, Ctrl Enter", names.accept],
    ["Del, ⌫", names.remove],
    ["0 … 9", names.types],
    ["Ctrl Z, Ctrl Y", names.undo],
    ["F  D", names.photographs],
    ["H", names.hide],
    ["Z, Shift Z", names.zoom],
    ["Esc", names.cancel],
  ];
  return (
    <Sheet title={locate.keys} open={open} onClose={onClose}>
      <dl className="facts">
        {rows.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd dir="ltr">{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p className="quiet">{locate.gestures}</p>
    </Sheet>
  );
}
