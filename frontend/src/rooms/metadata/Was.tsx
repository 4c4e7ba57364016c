/** What was said so far of photographs whose fact changes, and what will be. */
import { useWords } from "../../words/words";
import { factName, spelled } from "./spelled";
import type { FactsChanged } from "./table";

export function Was({ changed }: { changed: FactsChanged }) {
  const words = useWords();
  const { metadata } = words;
  const before = Object.entries(changed.before).sort((a, b) => b[1] - a[1]);
  if (before.length === 0) return null;
  return (
    <dl className="was">
      <dt>{factName(changed.fact, words)}</dt>
      <dd>
        {before.map(([value, count]) => (
          <span key={value} className="was-one">
            <bdi>{metadata.was(spelled(changed.fact, value, words), count)}</bdi>
          </span>
        ))}
        <span aria-hidden="true" className="was-arrow">
          →
        </span>
        <strong>
          <bdi>{spelled(changed.fact, changed.value, words)}</bdi>
        </strong>
      </dd>
    </dl>
  );
}
