/** Where a disputed cell stands, whether all is done, and for a moment what the last key did. */
import { useEffect, useState } from "react";

import type { Dispute, DisputePage } from "../../api/adjudication";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import { pressed } from "../label/touch";
import type { Standing } from "./deciding";

const SHOWN_MS = 2500;

export interface VerdictProps {
  page: DisputePage;
  standing: Standing;
  item: Dispute;
  /** A reason that was written before the decision. */
  draft: string;
  nameOf: (key: string) => string;
}

export function Verdict({ page: { round, total }, standing, item, draft, nameOf }: VerdictProps) {
  const { adjudicate } = useWords();
  const { decision } = item;
  const all = standing.decided >= total;
  const rest = round.disputed - round.decided - standing.gained;
  return (
    <>
      {all ? (
        <div className="notice label-done" role="status">
          <p className="notice-title">{rest <= 0 && round.held === 0 ? adjudicate.isFinal : adjudicate.allDone}</p>
          <p>{rest <= 0 && round.held === 0 ? adjudicate.finalHint : rest > 0 ? adjudicate.openDisputes(rest) : adjudicate.held(round.held)}</p>
          <p>{adjudicate.allDoneHint}</p>
          <Link className="button" href="/adjudicate">
            {adjudicate.rounds}
          </Link>
        </div>
      ) : null}
      <div className={decision ? "verdict decided" : draft ? "verdict drafted" : "verdict"}>
        <span className="quiet">{decision ? (decision.mine ? adjudicate.byYou : adjudicate.byAnother) : adjudicate.undecided}</span>
        {decision ? <strong>{nameOf(decision.term)}</strong> : null}
        {decision?.reason ? <span dir="auto">{decision.reason}</span> : null}
        {draft ? (
          <span dir="auto">
            {draft} <span className="quiet">{adjudicate.draft}</span>
          </span>
        ) : null}
      </div>
    </>
  );
}

export interface SaidProps {
  last: Standing["last"];
  nameOf: (key: string) => string;
  note: string;
  onUndo: () => void;
}

export function Said({ last, nameOf, note, onUndo }: SaidProps) {
  const { adjudicate } = useWords();
  const [gone, setGone] = useState<number>();
  const count = last?.count;
  useEffect(() => {
    if (count === undefined) return undefined;
    const timer = setTimeout(() => setGone(count), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [count]);
  if (note) {
    return (
      <p className="toast" role="alert">
        {note}
      </p>
    );
  }
  if (!last || gone === last.count) return null;
  return (
    <div className="toast" role="status">
      <span>{adjudicate.was(last.place + 1, last.decision ? nameOf(last.decision.term) : adjudicate.takenBack)}</span>
      {last.undone ? null : (
        <button type="button" className="plain" {...pressed(onUndo)}>
          {adjudicate.undo}
        </button>
      )}
    </div>
  );
}
