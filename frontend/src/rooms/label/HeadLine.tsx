/** The line above the cell: which round, how far, and whether every answer has reached the service. */
import { useEffect, useState } from "react";
import { Button } from "react-aria-components";

import type { RoundView } from "../../api/rounds";
import { useQueue } from "../../offline/useQueue";
import { Arrow } from "../../parts/Arrow";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import type { Seen } from "./reading";

export function HeadLine({ round, seen, named }: { round: RoundView; seen: Seen; named: string }) {
  const words = useWords();
  const { label } = words;
  const { place, total, answered, opinion } = seen;
  useEffect(() => {
    document.title = `${round.name} · buffycoat`;
  }, [round.name]);
  return (
    <div className="label-head">
      <Link className="button back-link" href="/rounds" aria-label={label.rounds}>
        <Arrow to="back" />
      </Link>
      <h1>
        <bdi>{round.name}</bdi>
        <span className="mark">{label.mode[round.mode] ?? round.mode}</span>
      </h1>
      <span className="label-place">
        {label.place(place + 1, total)}
        <span className={opinion.term === null ? "quiet" : "has-answer"}>{named}</span>
      </span>
      <span className="label-progress">
        <progress value={answered} max={Math.max(total, 1)} aria-label={label.answered(answered, total)} />
        <span className="quiet">{label.answered(answered, total)}</span>
      </span>
      <Waiting />
    </div>
  );
}

const CALM_AFTER_MS = 700;

/** How many answers are still on this device only; a moment's wait is no news. */
function Waiting() {
  const words = useWords();
  const { label } = words;
  const { queue, standing } = useQueue();
  const { waiting, problem, others, refused, lasting } = standing;
  const [late, setLate] = useState(false);
  const some = waiting > 0;
  useEffect(() => {
    setLate(false);
    if (!some) return undefined;
    const timer = setTimeout(() => setLate(true), CALM_AFTER_MS);
    return () => clearTimeout(timer);
  }, [some]);
  const told = some && (late || problem !== undefined);
  const why = problem === undefined ? "" : problem.code === "offline" ? label.noConnection : problem.title || words.state.broken;
  return (
    <span className="label-sent" role="status">
      {told ? (
        <span className="mark waiting-mark">
          {label.waiting(waiting)}
          {why ? `: ${why}` : ""}
        </span>
      ) : (
        <span className="mark sent-mark">{label.allSent}</span>
      )}
      {told && problem ? (
        <Button className="plain" onPress={() => queue.wake()}>
          {words.state.retry}
        </Button>
      ) : null}
      {refused.length > 0 ? (
        <span className="mark leak" title={refused.at(-1)?.refusal}>
          {label.refused(refused.length)}
        </span>
      ) : null}
      {others.length > 0 ? <span className="mark leak">{label.ofOthers(others.join(", "))}</span> : null}
      {lasting ? null : <span className="mark leak">{label.notLasting}</span>}
    </span>
  );
}
