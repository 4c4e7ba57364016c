/** How a cell type looks, in the language of the page where there are words for it, and else in the taxonomy's own. */
import type { Taxonomy } from "../../api/client";
import { useWords } from "../../words/words";

export function MorphologyText({ term, taxonomy }: { term: string; taxonomy: Taxonomy }) {
  const words = useWords();
  const text = taxonomy.terms.find(({ key }) => key === term)?.morphology;
  if (!text) return null;
  const said = words.morphology(taxonomy.name, term);
  return said === undefined ? (
    <span className="morphology" lang="en" dir="ltr">
      {text}
    </span>
  ) : (
    <span className="morphology" lang={words.locale} dir={words.dir}>
      {said}
    </span>
  );
}
