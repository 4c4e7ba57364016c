/** The line above a disputed cell: which round, what of it, how far, and whether every decision has reached the service. */
import { useEffect } from "react";

import type { DisputePage } from "../../api/adjudication";
import { SentMark } from "../../offline/SentMark";
import { Arrow } from "../../parts/Arrow";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import type { Standing } from "./deciding";

export interface HeadOfProps {
  page: DisputePage;
  standing: Standing;
  choices: React.ReactNode;
}

export function HeadOf({ page: { round, total }, standing, choices }: HeadOfProps) {
  const words = useWords();
  const { adjudicate, app } = words;
  const { place, decided } = standing;
  useEffect(() => {
    document.title = `${adjudicate.title}: ${round.name} · buffycoat`;
  }, [adjudicate.title, round.name]);
  return (
    <div className="label-head">
      <Link className="button back-link" href="/adjudicate" aria-label={adjudicate.title}>
        <Arrow to="back" />
      </Link>
      <h1>
        <bdi>{round.name}</bdi>
        <span className="mark">{adjudicate.title}</span>
        {round.simulated ? <span className="mark simulated">{app.simulated}</span> : null}
      </h1>
      <div className="adjudicate-choices">{choices}</div>
      <span className="label-place">{adjudicate.place(place + 1, total)}</span>
      <span className="label-progress">
        <progress value={decided} max={Math.max(total, 1)} aria-label={adjudicate.decided(decided, total)} />
        <span className="quiet">{adjudicate.decided(decided, total)}</span>
      </span>
      <SentMark className="label-sent" />
    </div>
  );
}
