/** What happened to a job, line by line; asked for once somebody opens it. */
import { useCallback, useEffect, useState } from "react";
import { Button } from "react-aria-components";

import { Latin } from "../../parts/Facts";
import { useWords } from "../../words/words";
import { type JobEvent, logUrl } from "./jobs";
import { useFollow } from "./useFollow";

const EVERY = 2000;

export function JobLog({ id, live }: { id: string; live: boolean }) {
  const { jobs } = useWords();
  const [shown, setShown] = useState(false);
  return (
    <>
      <Button className="plain" onPress={() => setShown(!shown)} aria-expanded={shown}>
        {shown ? jobs.hideLog : jobs.showLog}
      </Button>
      {shown ? <Lines id={id} live={live} /> : null}
    </>
  );
}

function Lines({ id, live }: { id: string; live: boolean }) {
  const words = useWords();
  const { jobs, date } = words;
  const [lines, setLines] = useState<readonly JobEvent[]>([]);
  const last = lines.at(-1)?.number ?? 0;
  // Only what is behind the last line is asked for.
  const changes = useCallback((found: readonly JobEvent[]) => live && found.length === 0, [live]);
  const { data } = useFollow<readonly JobEvent[]>(logUrl(id, last), changes, EVERY);
  useEffect(() => {
    const fresh = data?.filter(({ number }) => number > last) ?? [];
    if (fresh.length > 0) setLines((before) => [...before, ...fresh]);
  }, [data, last]);
  if (lines.length === 0) return <p className="quiet job-log">{data ? jobs.emptyLog : jobs.loadingLog}</p>;
  return (
    <ol className="job-log" aria-label={jobs.log}>
      {lines.map((line) => (
        <li key={line.number}>
          <span className="quiet job-when">{date(line.at)}</span>
          <span>
            {line.act === "said" ? (
              <span lang="en" dir="ltr" className="job-said">
                {line.text}
              </span>
            ) : (
              jobs.act[line.act]
            )}
          </span>
          {line.worker && line.act !== "said" ? (
            <span className="quiet job-worker">
              <Latin>{line.worker}</Latin>
            </span>
          ) : null}
        </li>
      ))}
    </ol>
  );
}
