/** The run that made a row: function, version, parameters. */
import { useEffect, useState } from "react";

import { address, getJson, type Run } from "../../api/client";
import { recall, remember } from "../../api/resource";
import { Facts, Latin } from "../../parts/Facts";
import { useWords } from "../../words/words";

const PAGE = 500;

/** Look through the list of runs for one; runs never change, so one that was found is kept. */
async function find(id: string, signal: AbortSignal): Promise<Run | undefined> {
  const known = recall(`run ${id}`) as Run | undefined;
  if (known) return known;
  for (let offset = 0; ; offset += PAGE) {
    const runs = await getJson<Run[]>(address("/api/runs", {}, { offset, limit: PAGE }), signal);
    for (const run of runs) remember(`run ${run.id}`, run);
    const found = runs.find((run) => run.id === id);
    if (found || runs.length < PAGE) return found;
  }
}

export function RunFacts({ id }: { id: string }) {
  const words = useWords();
  const [found, setFound] = useState<{ id: string; run: Run | undefined }>();
  useEffect(() => {
    const stop = new AbortController();
    find(id, stop.signal).then(
      (run) => setFound({ id, run }),
      () => stop.signal.aborted || setFound({ id, run: undefined }),
    );
    return () => stop.abort();
  }, [id]);
  if (found?.id !== id) return null;
  const { run } = found;
  if (!run) return <p className="quiet">{words.run.missing}</p>;
  return (
    <details>
      <summary>
        {words.run.made}{" "}
        <Latin>
          {run.room}.{run.function} {run.version}
        </Latin>
      </summary>
      <Facts
        facts={[
          [words.run.title, <Latin key="id">{run.id}</Latin>],
          [words.run.started, words.date(run.started_at)],
          run.seed === null ? null : [words.run.seed, <Latin key="seed">{run.seed}</Latin>],
          ...Object.entries(run.parameters).map(([name, value]) => [name, <Latin key={name}>{String(value)}</Latin>] as const),
        ]}
      />
    </details>
  );
}
