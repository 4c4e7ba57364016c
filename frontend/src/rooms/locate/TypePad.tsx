/** The types that a box can be given, as the keys of the Label screen have them: a pad on a desk, a strip on a phone. */
import type { Taxonomy } from "../../api/client";
import { type Action, type Bindings, termOf } from "../../keys/bindings";
import { cap, type Chord } from "../../keys/chords";
import { useWords } from "../../words/words";
import { termName } from "../cells/terms";
import { pressed } from "../label/touch";

const PLACES = ["7", "8", "9", "4", "5", "6", "1", "2", "3", "0", "Decimal"] as const;
/** It says that a box is wrong, which is mended here instead. */
const NO_TYPE = "not-centered";

export interface TypePadProps {
  taxonomy: Taxonomy;
  bindings: Bindings;
  acts: ReadonlyMap<Chord, Action>;
  chosen: string | null;
  disabled: boolean;
  onType: (term: string | null) => void;
  /** Show all classes, also those without a key. */
  onOther: () => void;
}

/** Where the longest name may be broken; browsers know no hyphens in it. */
const softly = (name: string): string => name.replace(/meta(?=myelo)/i, (found) => `${found}\u00ad`);

/** The terms that have a key, those of the numpad first and in its order. */
export function padTerms(bindings: Bindings, acts: ReadonlyMap<Chord, Action>): string[] {
  const onPad = PLACES.flatMap((key) => termOf(acts.get(`Numpad${key}`) ?? "") ?? []);
  const all = Object.keys(bindings).flatMap((act) => (bindings[act]?.length ? (termOf(act) ?? []) : []));
  return [...new Set([...onPad, ...all])].filter((term) => term !== NO_TYPE);
}

export function TypePad({ taxonomy, bindings, acts, chosen, disabled, onType, onOther }: TypePadProps) {
  const words = useWords();
  const keyed = padTerms(bindings, acts);
  const other = chosen !== null && !keyed.includes(chosen) ? chosen : undefined;
  return (
    <div className="type-pad" role="group" aria-label={words.locate.types} dir="ltr">
      {keyed.map((term) => (
        <button
          key={term}
          type="button"
          className={term === chosen ? "pad-key pressed" : "pad-key"}
          aria-pressed={term === chosen}
          disabled={disabled}
          {...pressed(() => onType(term === chosen ? null : term))}
        >
          <kbd aria-hidden="true">{cap(bindings[`term:${term}`] ?? []).split(" ")[0]}</kbd>
          <span className="pad-name" dir={words.dir}>
            {softly(termName(term, taxonomy, words))}
          </span>
        </button>
      ))}
      <button type="button" className={other === undefined ? "pad-key quiet-key" : "pad-key quiet-key pressed"} aria-haspopup="dialog" disabled={disabled} {...pressed(onOther)}>
        <kbd aria-hidden="true">{cap(bindings["other"] ?? [])}</kbd>
        <span className="pad-name" dir={words.dir}>
          {other === undefined ? words.locate.otherType : softly(termName(other, taxonomy, words))}
        </span>
      </button>
    </div>
  );
}
