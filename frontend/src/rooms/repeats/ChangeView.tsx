/** What other thresholds would change, or a cleaning did: figures, and some of the pairs as pictures. */
import { useState } from "react";

import { cellPicture } from "../../api/client";
import { Picture } from "../../parts/Picture";
import { useWords } from "../../words/words";
import type { RepeatChange } from "./api";

export function ChangeView({ change }: { change: RepeatChange }) {
  const { repeats, number } = useWords();
  const { change: told } = repeats;
  const facts: readonly [string, number][] = [
    [told.joined, change.joined],
    [told.parted, change.parted],
    [told.leftOut, change.left_out.length],
    [told.keptAgain, change.kept_again.length],
    [told.covered, change.covered.length],
    [told.uncovered, change.uncovered.length],
  ];
  const nothing = facts.every(([, count]) => count === 0);
  return (
    <div className="repeat-change" data-joined={change.joined} data-parted={change.parted} data-kept={change.kept_after}>
      {nothing ? <p>{told.nothing}</p> : null}
      {nothing ? null : (
        <dl className="repeat-figures">
          {facts.map(([name, count]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{number(count)}</dd>
            </div>
          ))}
        </dl>
      )}
      <p>{told.kept(change.kept_before, change.kept_after)}</p>
      {change.read.length > 0 ? (
        <p className="notice failed" role="note">
          {told.read(change.read.length)}
        </p>
      ) : null}
      <Pairs name={told.someJoined} pairs={change.examples_joined} />
      <Pairs name={told.someParted} pairs={change.examples_parted} />
    </div>
  );
}

function Pairs({ name, pairs }: { name: string; pairs: readonly (readonly [string, string])[] }) {
  const { repeats } = useWords();
  const [open, setOpen] = useState(false);
  if (pairs.length === 0) return null;
  return (
    <details className="repeat-examples" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{name}</summary>
      <ul>
        {(open ? pairs : []).map(([a, b]) => (
          <li key={`${a} ${b}`}>
            <Picture src={cellPicture(a, 96)} alt={repeats.first} />
            <Picture src={cellPicture(b, 96)} alt={repeats.second} />
          </li>
        ))}
      </ul>
    </details>
  );
}
