/** What the taxonomy says of each class, and decided cells of it where the round shows them: the same beside every cell. */
import { Button } from "react-aria-components";

import type { Taxonomy } from "../../api/client";
import { useGet } from "../../api/resource";
import { termOf } from "../../keys/bindings";
import { useWords } from "../../words/words";
import { choices, termName } from "../cells/terms";
import { MorphologyText } from "../cells/MorphologyText";
import { DecidedCells } from "../teach/DecidedCells";

export function Reference({ round, taxonomy, onClose }: { round: string; taxonomy: Taxonomy; onClose: () => void }) {
  const words = useWords();
  const { label, teach } = words;
  // Without a connection there is the morphology still.
  const { data } = useGet("/api/rounds/{round_id}/references", { round_id: round });
  const cellsOf = (key: string) => data?.terms.find(({ term }) => term === key)?.cells ?? [];
  const terms = choices(taxonomy).flatMap(({ key }) => taxonomy.terms.filter((term) => term.key === key && term.morphology));
  return (
    <aside className="reference" aria-label={label.reference}>
      <div className="tally-head">
        <h2>{label.reference}</h2>
        <Button className="plain" onPress={onClose} aria-label={words.app.close}>
          ✕
        </Button>
      </div>
      <div className="reference-body" tabIndex={0} role="region" aria-label={label.classes}>
        <dl>
        {terms.map((term) => (
          <div key={term.key}>
            <dt>{termName(term.key, taxonomy, words)}</dt>
            <dd>
              <MorphologyText term={term.key} taxonomy={taxonomy} />
            </dd>
            {data?.shown && cellsOf(term.key).length > 0 ? (
              <dd>
                <DecidedCells term={term.key} cells={cellsOf(term.key)} taxonomy={taxonomy} />
              </dd>
            ) : null}
          </div>
        ))}
        </dl>
      </div>
      <p className="quiet">
        {data && !data.shown ? `${teach.noExamples} ` : null}
        <span lang="en" dir="ltr">
          {taxonomy.notice}
        </span>
      </p>
    </aside>
  );
}

/** The name of what a key does. */
export function useActionName(taxonomy: Taxonomy): (action: string) => string {
  const words = useWords();
  return (action) => {
    const term = termOf(action);
    return term === undefined ? (words.label.tool[action] ?? action) : termName(term, taxonomy, words);
  };
}
