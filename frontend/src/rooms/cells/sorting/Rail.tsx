/** The classes at the side: how many cells each has, the way to them, and where cells are put. */
import { memo, useState } from "react";

import type { Taxonomy } from "../../../api/client";
import { type Bindings, termAction } from "../../../keys/bindings";
import { cap } from "../../../keys/chords";
import { useWords } from "../../../words/words";
import { choices, termName } from "../terms";
import { NO_CLASS } from "./events";

export interface RailProps {
  taxonomy: Taxonomy;
  bindings: Bindings;
  classes: ReadonlyMap<string, readonly string[]>;
  mine: ReadonlyMap<string, number>;
  /** The class at the top of the page. */
  current: string | undefined;
  /** The class that cells are carried over. */
  target: string | undefined;
  carrying: boolean;
  /** How many cells a press would put there; none: it goes there. */
  chosen: number;
  onPress: (key: string) => void;
}

export const Rail = memo(function Rail({ taxonomy, bindings, classes, mine, current, target, carrying, chosen, onPress }: RailProps) {
  const words = useWords();
  const { sorting } = words;
  const [all, setAll] = useState(false);
  const countOf = (key: string) => classes.get(key)?.length ?? 0;
  const keyOf = (key: string) => cap((bindings[termAction(key)] ?? []).slice(0, 1));
  const terms = choices(taxonomy).map(({ key }) => key);
  const known = new Set(terms);
  const others = [...classes.keys()].filter((key) => key !== NO_CLASS && !known.has(key));
  const shown = [...terms, ...others].filter((key) => all || countOf(key) > 0 || keyOf(key) !== "");
  return (
    <div className={carrying ? "rail carrying" : "rail"} role="group" aria-label={sorting.classes}>
      <ul>
        {[NO_CLASS, ...shown].map((key) => {
          const name = key === NO_CLASS ? sorting.unidentified : termName(key, taxonomy, words);
          const count = countOf(key);
          const own = mine.get(key) ?? 0;
          const sign = key === NO_CLASS ? "" : keyOf(key);
          const puts = chosen > 0 && key !== NO_CLASS;
          return (
            <li key={key}>
              <button
                type="button"
                className={`rail-class${target === key ? " target" : ""}${count === 0 ? " empty" : ""}${puts ? " puts" : ""}`}
                data-class={key}
                aria-current={current === key ? "location" : undefined}
                disabled={count === 0 && !puts && !carrying}
                onClick={() => onPress(key)}
              >
                <kbd aria-hidden="true">{sign}</kbd>
                <span className="rail-name">
                  {puts ? <span className="unseen">{sorting.put(chosen)} </span> : null}
                  {name}
                </span>
                <span className="rail-count">
                  {words.number(count)}
                  {own > 0 ? <span className="rail-mine">{sorting.ownOf(own)}</span> : null}
                </span>
              </button>
            </li>
          );
        })}
        <li>
          <button type="button" className="plain rail-more" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? sorting.fewer : sorting.more}
          </button>
        </li>
      </ul>
    </div>
  );
});
