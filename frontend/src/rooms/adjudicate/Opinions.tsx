/** What was said of a cell, side by side, each with cells that are surely so. Left is left in every language, as J is. */
import { type Dispute, type Opinion, type ReferenceCells, referencesUrl } from "../../api/adjudication";
import { cellPicture, type Taxonomy } from "../../api/client";
import { useJson } from "../../api/resource";
import { shown } from "../../keys/chords";
import { useWords } from "../../words/words";
import { termName } from "../cells/terms";
import { pressed } from "../label/touch";

/** Keys of the opinions from the left: they lie beside each other under the right hand, and no class has them. */
export const OPINION_KEYS = ["KeyJ", "KeyK", "KeyL", "Semicolon"] as const;
const SIDE = 160;

export interface OpinionsProps {
  round: string;
  experts: number;
  dispute: Dispute;
  taxonomy: Taxonomy;
  disabled: boolean;
  onTerm: (key: string) => void;
}

export function Opinions({ round, experts, dispute, taxonomy, disabled, onTerm }: OpinionsProps) {
  const words = useWords();
  const { adjudicate } = words;
  const { data } = useJson<ReferenceCells[]>(referencesUrl(round, dispute.item));
  return (
    <div className="opinions" role="group" aria-label={adjudicate.opinions} dir="ltr">
      {dispute.opinions.map((opinion, at) => (
        // By place, not by term: the button of the next cell is the same one, so that the click of a tap is no second press.
        <div key={at} className="opinion" dir={words.dir}>
          <Said
            opinion={opinion}
            at={at}
            experts={experts}
            name={termName(opinion.term, taxonomy, words)}
            chosen={dispute.decision?.term === opinion.term}
            disabled={disabled}
            onPress={() => onTerm(opinion.term)}
          />
          {opinion.comments.map((comment, number) => (
            <blockquote key={`${number} ${comment}`} className="said-comment" dir="auto">
              {comment}
            </blockquote>
          ))}
          <References name={termName(opinion.term, taxonomy, words)} cells={data?.find(({ term }) => term === opinion.term)?.cells} />
        </div>
      ))}
    </div>
  );
}

interface SaidProps {
  opinion: Opinion;
  at: number;
  experts: number;
  name: string;
  chosen: boolean;
  disabled: boolean;
  onPress: () => void;
}

function Said({ opinion, at, experts, name, chosen, disabled, onPress }: SaidProps) {
  const { adjudicate } = useWords();
  const key = OPINION_KEYS[at];
  return (
    <button type="button" className={`said${chosen ? " pressed" : ""}`} aria-pressed={chosen} disabled={disabled} {...pressed(onPress)}>
      {key ? <kbd aria-hidden="true">{shown(key)}</kbd> : null}
      <span className="said-name">
        <span className="unseen">{adjudicate.opinion(at)}: </span>
        {name}
      </span>
      {experts > 2 ? <span className="quiet">{adjudicate.times(opinion.experts, experts)}</span> : null}
    </button>
  );
}

function References({ name, cells }: { name: string; cells: readonly string[] | undefined }) {
  const { adjudicate } = useWords();
  if (!cells) return <div className="references waiting" aria-hidden="true" />;
  if (cells.length === 0) return <p className="quiet">{adjudicate.noReferences}</p>;
  return (
    <ul className="references" aria-label={adjudicate.references(name)}>
      {cells.map((cell, at) => (
        <li key={cell}>
          <img src={cellPicture(cell, SIDE)} alt={adjudicate.reference(name, at + 1)} decoding="async" draggable={false} />
        </li>
      ))}
    </ul>
  );
}
