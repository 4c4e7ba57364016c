/** The keys of a screen, to read and to change, with conflicts shown, to file and back. */
import { type ChangeEvent, type KeyboardEvent, useRef, useState } from "react";
import { Button } from "react-aria-components";

import type { Taxonomy } from "../api/client";
import { useWords } from "../words/words";
import { type Bindings, conflicts, defaults, readBindings, rebind, termAction, termOf, TOOLS, unbind, writeBindings } from "./bindings";
import { type Chord, chordOf, isTaken, shown } from "./chords";

/** Lines of the table that belong together, and what is said below them. */
export interface KeySection {
  title: string;
  actions: readonly string[];
  note?: string;
}

export interface KeyEditorProps {
  /** What the keys are of: a taxonomy or a screen. It names the file. */
  name: string;
  sections: readonly KeySection[];
  /** What each action has where nobody has changed it. */
  usual: Bindings;
  bindings: Bindings;
  nameOf: (action: string) => string;
  /** `null` goes back to the usual ones. */
  onChange: (bindings: Bindings | null) => void;
}

export interface KeyTableProps {
  taxonomy: Taxonomy;
  /** Terms in the order of the taxonomy. */
  terms: readonly string[];
  bindings: Bindings;
  nameOf: (action: string) => string;
  /** `null` goes back to the taxonomy's own. */
  onChange: (bindings: Bindings | null) => void;
}

/** The keys of the Label screen: classes as the taxonomy has them, and tools. */
export function KeyTable({ taxonomy, terms, ...rest }: KeyTableProps) {
  const { keypad } = useWords();
  const sections = [
    { title: keypad.classes, actions: terms.map(termAction), note: keypad.shift },
    { title: keypad.tools, actions: TOOLS, note: keypad.arrows },
  ];
  return <KeyEditor name={taxonomy.name} sections={sections} usual={defaults(taxonomy)} {...rest} />;
}

export function KeyEditor({ name, sections, usual, bindings, nameOf, onChange }: KeyEditorProps) {
  const { keypad } = useWords();
  const [waiting, setWaiting] = useState<string>();
  const [said, setSaid] = useState("");
  const twice = conflicts(bindings);
  const file = useRef<HTMLInputElement>(null);

  const hear = (event: KeyboardEvent, action: string) => {
    if (waiting !== action) return;
    const chord = chordOf(event.nativeEvent);
    if (chord === undefined) return;
    if (event.code === "Tab") {
      setWaiting(undefined);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    setWaiting(undefined);
    if (event.code === "Escape") return;
    if (isTaken(chord)) {
      setSaid(keypad.taken(shown(chord)));
      return;
    }
    const next = rebind(bindings, action, chord);
    const users = conflicts(next).get(chord)?.filter((each) => each !== action) ?? [];
    setSaid(users.length > 0 ? keypad.conflict(shown(chord), users.map(nameOf).join(", ")) : keypad.set(shown(chord), nameOf(action)));
    onChange(next);
  };
  const save = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([writeBindings(name, bindings)], { type: "application/json" }));
    link.download = `buffycoat-keys-${name}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const load = async (event: ChangeEvent<HTMLInputElement>) => {
    const chosen = event.currentTarget.files?.[0];
    if (!chosen) return;
    const read = readBindings(await chosen.text());
    if (file.current) file.current.value = "";
    // A file of another screen has actions that there are none of here.
    const terms = Object.keys(usual).some(termOf);
    const ours = read && Object.keys(read).every((action) => action in usual || (terms && termOf(action) !== undefined)) ? read : undefined;
    setSaid(ours ? keypad.loaded : keypad.notKeys);
    if (ours) onChange({ ...usual, ...ours });
  };

  const row = (action: string) => (
    <tr key={action}>
      <th scope="row">{nameOf(action)}</th>
      <td>
        <span className="caps">
          {(bindings[action] ?? []).map((chord) => (
            <Cap key={chord} chord={chord} users={twice.get(chord)?.filter((each) => each !== action).map(nameOf)} onRemove={() => onChange(unbind(bindings, action, chord))} />
          ))}
          <button
            type="button"
            className={waiting === action ? "plain listening" : "plain"}
            aria-label={waiting === action ? keypad.press : keypad.addTo(nameOf(action))}
            onClick={() => {
              setSaid("");
              setWaiting(action);
            }}
            onKeyDown={(event) => hear(event, action)}
            onKeyUp={(event) => event.code === "Space" && event.preventDefault()}
            onBlur={() => setWaiting(undefined)}
          >
            {waiting === action ? keypad.press : "+"}
          </button>
        </span>
      </td>
    </tr>
  );
  return (
    <>
      <p className="quiet">{keypad.meaning}</p>
      <p role="status" className={said ? "key-said" : "unseen"}>
        {said}
      </p>
      {sections.map(({ title, actions, note }) => (
        <section key={title}>
          <h3>{title}</h3>
          <table className="key-table">
            <tbody>{actions.map(row)}</tbody>
          </table>
          {note ? <p className="quiet">{note}</p> : null}
        </section>
      ))}
      <div className="page-actions">
        <Button className="button" onPress={save}>
          {keypad.save}
        </Button>
        <Button className="button" onPress={() => file.current?.click()}>
          {keypad.load}
        </Button>
        <input ref={file} type="file" accept="application/json,.json" hidden onChange={(event) => void load(event)} />
        <Button
          className="button"
          onPress={() => {
            setSaid(keypad.wasReset);
            onChange(null);
          }}
        >
          {keypad.reset}
        </Button>
      </div>
    </>
  );
}

function Cap({ chord, users, onRemove }: { chord: Chord; users: readonly string[] | undefined; onRemove: () => void }) {
  const { keypad } = useWords();
  const clash = users && users.length > 0;
  return (
    <span className={clash ? "cap clash" : "cap"} title={clash ? keypad.conflict(shown(chord), users.join(", ")) : undefined}>
      <kbd dir="ltr">{shown(chord)}</kbd>
      {clash ? <span className="unseen">{keypad.conflict(shown(chord), users.join(", "))}</span> : null}
      <Button className="plain cap-remove" aria-label={keypad.remove(shown(chord))} onPress={onRemove}>
        ✕
      </Button>
    </span>
  );
}
