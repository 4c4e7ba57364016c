/** What was answered, the latest first; each can be taken back. */
import { useState } from "react";
import { Button } from "react-aria-components";

import { cellPicture, type Problem, problemOf, sendJson } from "../../api/client";
import { Latin } from "../../parts/Facts";
import { Picture } from "../../parts/Picture";
import { Trouble } from "../../parts/Told";
import { useWords } from "../../words/words";
import { answersUrl, type NearPair } from "./api";

const SHOWN = 30;

export function Said({ pairs, onBack }: { pairs: readonly NearPair[]; onBack: () => void }) {
  const { repeats } = useWords();
  const [problem, setProblem] = useState<Problem>();
  const [open, setOpen] = useState(false);
  if (pairs.length === 0) return null;
  const back = ({ a, b }: NearPair) => {
    setProblem(undefined);
    sendJson("POST", answersUrl, { cell_id: a, other_id: b, answer: "back" }).then(onBack, (reason: unknown) => setProblem(problemOf(reason)));
  };
  return (
    <details className="pairs-said" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{repeats.answeredPairs(pairs.length)}</summary>
      {problem ? <Trouble problem={problem} /> : null}
      <ul>
        {(open ? pairs.slice(0, SHOWN) : []).map((pair) => (
          <li key={`${pair.a} ${pair.b}`}>
            <Picture src={cellPicture(pair.a, 96)} alt={repeats.first} />
            <Picture src={cellPicture(pair.b, 96)} alt={repeats.second} />
            <span className="said-what">
              {pair.answer ? repeats.said[pair.answer] : ""}
              <span className="quiet">
                {" "}
                <Latin>{pair.by ?? ""}</Latin>
              </span>
              <br />
              <span className="quiet">{pair.correlation == null ? repeats.apartBy(pair.average_bits, pair.perceptual_bits) : repeats.correlates(pair.correlation)}</span>
            </span>
            <Button className="button" onPress={() => back(pair)}>
              {repeats.takeBack}
            </Button>
          </li>
        ))}
      </ul>
      {pairs.length > SHOWN ? <p className="quiet">{repeats.andMore(pairs.length - SHOWN)}</p> : null}
    </details>
  );
}
