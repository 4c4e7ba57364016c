/** What the taxonomy says of each class, to read beside the cell. It is the same for every cell, and hints at none. */
import { Button } from "react-aria-components";

import type { Taxonomy } from "../../api/client";
import { termOf } from "../../keys/bindings";
import { useWords } from "../../words/words";
import { choices, termName } from "../cells/terms";

export function Reference({ taxonomy, onClose }: { taxonomy: Taxonomy; onClose: () => void }) {
  const words = useWords();
  const { label } = words;
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
            <dd lang="en" dir="ltr">
              {term.morphology}
            </dd>
          </div>
        ))}
        </dl>
      </div>
      <p className="quiet" lang="en" dir="ltr">
        {taxonomy.notice}
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
