/** What the taxonomy says of a cell type: how it looks, where its count changes, after whom, and that it is no diagnosis. */
import type { Taxonomy } from "../../api/client";
import { Facts } from "../../parts/Facts";
import { useWords } from "../../words/words";
import { MorphologyText } from "./MorphologyText";
import { termName } from "./terms";

/** What is not put into words here is as the taxonomy has it, in English. */
const list = (items: readonly string[]) => (
  <span lang="en" dir="auto">
    {items.join("; ")}
  </span>
);

export function TermFacts({ term: key, taxonomy }: { term: string | null | undefined; taxonomy: Taxonomy | undefined }) {
  const words = useWords();
  const term = taxonomy?.terms.find((each) => each.key === key);
  if (!taxonomy || !term) return null;
  const { morphology = "", raised_in: raised = [], lowered_in: lowered = [], sources = [] } = term;
  if (!morphology && raised.length === 0 && lowered.length === 0) return null;
  const cited = sources.map((name) => taxonomy.sources?.[name] ?? name);
  return (
    <details className="term-facts">
      <summary>{words.about.title(termName(term.key, taxonomy, words))}</summary>
      {morphology ? (
        <p>
          <MorphologyText term={term.key} taxonomy={taxonomy} />
        </p>
      ) : null}
      <Facts
        facts={[
          raised.length > 0 ? [words.about.raised, list(raised)] : null,
          lowered.length > 0 ? [words.about.lowered, list(lowered)] : null,
        ]}
      />
      <p className="quiet">
        <strong>{words.about.noDiagnosis}</strong>{" "}
        {taxonomy.notice ? (
          <span lang="en" dir="auto">
            {taxonomy.notice}
          </span>
        ) : null}
      </p>
      {cited.length > 0 ? (
        <ul className="quiet cited" aria-label={words.about.sources}>
          {cited.map((source) => (
            <li key={source} lang="en" dir="auto">
              {source}
            </li>
          ))}
        </ul>
      ) : null}
    </details>
  );
}
