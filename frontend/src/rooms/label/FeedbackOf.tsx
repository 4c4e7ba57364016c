/** What a reader said beside the panel, after the round or while in training. */
import { useState } from "react";

import { useGet } from "../../api/resource";
import type { RoundView } from "../../api/rounds";
import { Facts } from "../../parts/Facts";
import { Failed, Loading } from "../../parts/Notice";
import { useWords } from "../../words/words";
import { termName } from "../cells/terms";

export function FeedbackOf({ round }: { round: RoundView }) {
  const { label } = useWords();
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{label.feedback}</summary>
      {open ? <Told id={round.id} /> : null}
    </details>
  );
}

function Told({ id }: { id: string }) {
  const words = useWords();
  const { label } = words;
  const { data, problem, retry } = useGet("/api/rounds/{round_id}/feedback", { round_id: id });
  const { data: taxonomy } = useGet("/api/rounds/{round_id}/taxonomy", { round_id: id });
  if (problem) return <Failed problem={problem} onRetry={retry} />;
  if (!data) return <Loading />;
  const { cells, repeats, gold, confused } = data;
  return (
    <>
      <Facts
        facts={[
          [label.feedbackCells, label.equal(cells.equal, cells.asked)],
          repeats.asked > 0 ? [label.feedbackRepeats, label.equal(repeats.equal, repeats.asked)] : null,
          gold.asked > 0 ? [label.feedbackGold, label.equal(gold.equal, gold.asked)] : null,
        ]}
      />
      {confused.length === 0 ? (
        <p className="quiet">{label.noConfusion}</p>
      ) : (
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">{label.youSaid}</th>
              <th scope="col">{label.panelSaid}</th>
              <th scope="col">{label.cells}</th>
            </tr>
          </thead>
          <tbody>
            {confused.map(({ said, panel, cells: count }) => (
              <tr key={`${said} ${panel}`}>
                <td>{termName(said, taxonomy, words)}</td>
                <td>{termName(panel, taxonomy, words)}</td>
                <td>{words.number(count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
