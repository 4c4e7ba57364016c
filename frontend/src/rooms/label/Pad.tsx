/** The pad on the screen: the numpad as it lies under the hand, each key with what it says now. Never mirrored. */
import type { Taxonomy } from "../../api/client";
import { type Action, type Bindings, termAction, termOf, type Tool } from "../../keys/bindings";
import { cap, type Chord } from "../../keys/chords";
import { useWords } from "../../words/words";
import { termName } from "../cells/terms";
import { pressed as pressedBy } from "./touch";

/** Keys of the numpad by rows; `wide` and `tall` as they are on the keyboard. */
const NUMPAD = ["Divide", "Multiply", "Subtract", "7", "8", "9", "Add", "4", "5", "6", "1", "2", "3", "0", "Decimal"] as const;

export interface PadProps {
  taxonomy: Taxonomy;
  bindings: Bindings;
  acts: ReadonlyMap<Chord, Action>;
  /** The answer that the cell has. */
  chosen: string | null;
  disabled: boolean;
  onTerm: (key: string) => void;
  onTool: (tool: Tool) => void;
  /** Whether there is something to undo. */
  undoable: boolean;
}

export function Pad({ taxonomy, bindings, acts, chosen, disabled, onTerm, onTool, undoable }: PadProps) {
  const words = useWords();
  const { label } = words;
  const onPad = (key: string) => acts.get(`Numpad${key}`);
  const placed = new Set(NUMPAD.map(onPad));
  const elsewhere = Object.keys(bindings).filter((act) => termOf(act) !== undefined && !placed.has(act as Action) && bindings[act]?.length);

  const face = (act: Action, sign: string, area: string) => {
    const term = termOf(act);
    const name = term === undefined ? label.tool[act] : termName(term, taxonomy, words);
    return (
      <Key
        key={area}
        area={area}
        sign={sign}
        pressed={term === undefined ? undefined : term === chosen}
        disabled={disabled}
        onPress={() => (term === undefined ? onTool(act as Tool) : onTerm(term))}
        name={name ?? ""}
      />
    );
  };
  const free = (tool: Tool, area: string, off = false) => (
    <Key key={area} area={area} sign={cap(bindings[tool] ?? [])} quiet disabled={off} onPress={() => onTool(tool)} name={label.tool[tool] ?? ""} />
  );
  const divide = onPad("Divide");
  return (
    <div className="pad-and-more">
      <div className="pad" role="group" aria-label={label.pad} dir="ltr">
        {free("undo", "undo", !undoable)}
        {divide ? face(divide, "/", "Divide") : free("other", "Divide", disabled)}
        {onPad("Multiply") ? face(onPad("Multiply") as Action, "*", "Multiply") : free("skip", "Multiply")}
        {NUMPAD.slice(2).map((key) => {
          const act = onPad(key);
          const sign = { Subtract: "−", Add: "+", Decimal: "." }[key as string] ?? key;
          if (act) return face(act, sign, `n${key}`);
          return <span key={key} className="pad-gap" style={{ gridArea: `n${key}` }} />;
        })}
        {free("comment", "enter", disabled)}
      </div>
      {elsewhere.length > 0 || divide || onPad("Multiply") ? (
        <div className="pad-more" role="group" aria-label={label.more}>
          {elsewhere.map((act) => {
            const term = termOf(act) ?? "";
            return (
              <Key key={act} sign={cap(bindings[termAction(term)] ?? [])} pressed={term === chosen} disabled={disabled} onPress={() => onTerm(term)} name={termName(term, taxonomy, words)} />
            );
          })}
          {divide ? free("other", "", disabled) : null}
          {onPad("Multiply") ? free("skip", "") : null}
        </div>
      ) : null}
    </div>
  );
}

interface KeyProps {
  area?: string;
  sign: string;
  pressed?: boolean | undefined;
  quiet?: boolean;
  disabled?: boolean;
  onPress: () => void;
  name: string;
}

/** Where the longest names of cells may be broken; browsers know no hyphens in them. */
const softly = (name: string): string =>
  name.replace(/(meta|pro|mega)(myelo|karyo)?(?=\w{4})/gi, (_, first: string, second = "") => `${first}${second ? `\u00ad${second}\u00ad` : ""}`);

/** A key that leaves the focus where it is, so that the space bar stays with the cell. */
function Key({ area = "", sign, pressed, quiet = false, disabled = false, onPress, name }: KeyProps) {
  const { dir } = useWords();
  return (
    <button
      type="button"
      className={`pad-key${quiet ? " quiet-key" : ""}${pressed ? " pressed" : ""}`}
      style={area ? { gridArea: area } : undefined}
      aria-pressed={pressed}
      disabled={disabled}
      {...pressedBy(onPress)}
    >
      {sign ? <kbd aria-hidden="true">{sign}</kbd> : null}
      <span className="pad-name" dir={dir}>
        {softly(name)}
      </span>
    </button>
  );
}
