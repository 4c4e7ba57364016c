/** The cells on which a reader and the panel differ, by pair of terms; and those seen twice and named differently. */
import { useState } from "react";

import type { Taxonomy } from "../../api/client";
import { itemPicture } from "../../api/rounds";
import type { Differing, Twice } from "../../api/teaching";
import { Picture } from "../../parts/Picture";
import { useWords } from "../../words/words";
import { MorphologyText } from "../cells/MorphologyText";
import { termName } from "../cells/terms";

const SIDE = 192;

interface Of {
  round: string;
  taxonomy: Taxonomy | undefined;
}

export function Differences({ round, taxonomy, cells }: Of & { cells: readonly Differing[] }) {
  const { teach } = useWords();
  const pairs = new Map<string, Differing[]>();
  for (const each of cells) {
    const key = `${each.said} ${each.panel}`;
    pairs.set(key, [...(pairs.get(key) ?? []), each]);
  }
  const commonest = [...pairs.values()].sort((a, b) => b.length - a.length);
  return (
    <section className="card">
      <h2>{teach.differ}</h2>
      {commonest.length === 0 ? <p>{teach.nowhere}</p> : <p className="quiet">{teach.saidPanel}</p>}
      {commonest.map((group) => (
        <Pair key={`${group[0]?.said} ${group[0]?.panel}`} round={round} taxonomy={taxonomy} group={group} />
      ))}
    </section>
  );
}

function Pair({ round, taxonomy, group }: Of & { group: readonly Differing[] }) {
  const words = useWords();
  const { teach } = words;
  const [open, setOpen] = useState(false);
  const [first] = group;
  if (first === undefined) return null;
  const { said, panel } = first;
  return (
    <div className="differ-pair">
      <h3>{teach.pair(termName(said, taxonomy, words), termName(panel, taxonomy, words), group.length)}</h3>
      <ul className="differ-cells">
        {group.map(({ item, place, comment, decided, gold }) => (
          <li key={item}>
            <Picture src={itemPicture(round, item, SIDE)} alt={teach.cell(place + 1)} />
            <span className="quiet">
              {teach.cell(place + 1)}
              {decided ? ` · ${teach.decided}` : ""}
              {gold ? ` · ${teach.gold}` : ""}
            </span>
            {comment ? <span dir="auto">{comment}</span> : null}
          </li>
        ))}
      </ul>
      {taxonomy ? (
        <details onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>{teach.pairHead}</summary>
          {open
            ? [said, panel].map((term) => (
                <div key={term}>
                  <h4>{termName(term, taxonomy, words)}</h4>
                  <p>
                    <MorphologyText term={term} taxonomy={taxonomy} />
                  </p>
                </div>
              ))
            : null}
        </details>
      ) : null}
    </div>
  );
}

export function SeenTwice({ round, taxonomy, cells }: Of & { cells: readonly Twice[] }) {
  const words = useWords();
  const { teach } = words;
  if (cells.length === 0) return null;
  return (
    <section className="card">
      <h2>{teach.steady}</h2>
      <ul className="twice-cells">
        {cells.map(({ item, place, said, again, again_place, again_said }) => (
          <li key={again}>
            <p className="quiet">{teach.twice(place + 1, again_place + 1)}</p>
            <div className="twice-pair">
              {(
                [
                  [item, place, said],
                  [again, again_place, again_said],
                ] as const
              ).map(([shown, at, term]) => (
                <figure key={shown}>
                  <Picture src={itemPicture(round, shown, SIDE)} alt={teach.cell(at + 1)} />
                  <figcaption>{termName(term, taxonomy, words)}</figcaption>
                </figure>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
