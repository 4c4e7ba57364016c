/** What stands beside the pad towards the end: all is labeled, handed in, closed, or all that was taken along is done. */
import { Button } from "react-aria-components";

import { Link } from "../../route/router";
import { useWords } from "../../words/words";

export interface EndingProps {
  closed: boolean;
  handedIn: boolean;
  all: boolean;
  /** Without the service: how many taken items have no answer. */
  takenLeft: number | undefined;
  onHandIn: () => void;
}

export function Ending({ closed, handedIn, all, takenLeft, onHandIn }: EndingProps) {
  const { label, offline } = useWords();
  if (closed) return <p className="banner">{label.closed}</p>;
  const said = handedIn
    ? [offline.handedIn, offline.handedInHint]
    : all
      ? [label.allDone, offline.handInReady]
      : takenLeft === 0
        ? [offline.allTaken, offline.allTakenHint]
        : undefined;
  if (!said) return null;
  return (
    <div className="notice label-done" role="status">
      <p className="notice-title">{said[0]}</p>
      <p>{said[1]}</p>
      <span className="page-actions">
        {all && !handedIn ? (
          <Button className="button strong" onPress={onHandIn}>
            {offline.handIn}
          </Button>
        ) : null}
        <Link className="button" href="/rounds">
          {label.rounds}
        </Link>
      </span>
    </div>
  );
}
