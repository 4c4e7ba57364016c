/** The line above the cell: which round, how far, and whether every answer has reached the service. */
import { useEffect } from "react";
import { Button } from "react-aria-components";

import type { RoundView } from "../../api/rounds";
import { takeOver, useNewer } from "../../offline/install";
import { useIsOld } from "../../offline/OfflineLine";
import { useReached } from "../../offline/reach";
import { SentMark } from "../../offline/SentMark";
import { useQueue } from "../../offline/useQueue";
import { Arrow } from "../../parts/Arrow";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import type { Seen } from "./reading";

export interface HeadLineProps {
  round: RoundView;
  seen: Seen;
  named: string;
  handle: string;
  onTake: () => void;
}

export function HeadLine({ round, seen, named, handle, onTake }: HeadLineProps) {
  const words = useWords();
  const { label } = words;
  const { place, total, answered, opinion } = seen;
  const reached = useReached();
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
      <Waiting handle={handle} />
      {reached ? (
        <Button className="plain take-along" aria-label={words.offline.take} onPress={onTake}>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M12 4v10M8 10.500l4 4 4-4M5 18.500h14" />
          </svg>
        </Button>
      ) : null}
    </div>
  );
}

/** How many answers are still on this device only, and a newer version of the studio. */
function Waiting({ handle }: { handle: string }) {
  const words = useWords();
  const { standing } = useQueue();
  const old = useIsOld(standing.oldest);
  const newer = useNewer();
  return (
    <SentMark className="label-sent" brief away={words.offline.as(handle)}>
      {old && standing.oldest ? <span className="mark leak">{words.offline.old(standing.waiting, words.date(standing.oldest))}</span> : null}
      {newer ? (
        <Button className="plain" onPress={takeOver}>
          {words.offline.newer}: {words.offline.reload}
        </Button>
      ) : null}
    </SentMark>
  );
}
