/** Decided cells of a term in a row: pictures to compare with. */
import { cellPicture, type Taxonomy } from "../../api/client";
import { Picture } from "../../parts/Picture";
import { useWords } from "../../words/words";
import { termName } from "../cells/terms";

const SIDE = 192;

export function DecidedCells({ term, cells, taxonomy }: { term: string; cells: readonly string[]; taxonomy: Taxonomy }) {
  const words = useWords();
  const { teach } = words;
  const name = termName(term, taxonomy, words);
  if (cells.length === 0) return <p className="quiet">{teach.none}</p>;
  return (
    <ul className="decided-cells" aria-label={teach.examples(name)}>
      {cells.map((cell, at) => (
        <li key={cell}>
          <Picture src={cellPicture(cell, SIDE)} alt={teach.example(name, at + 1, cells.length)} />
        </li>
      ))}
    </ul>
  );
}
