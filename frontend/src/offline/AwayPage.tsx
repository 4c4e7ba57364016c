/** The studio opened without a connection: what was taken along, and what waits. */
import { useEffect, useState } from "react";
import { Button } from "react-aria-components";

import type { Person } from "../api/people";
import { Page } from "../parts/Page";
import { useSession } from "../rooms/people/session";
import { Link } from "../route/router";
import { useWords } from "../words/words";
import type { Batch } from "./batch";
import { inOrder } from "./events";
import type { Queue, Standing } from "./queue";
import { useBatches } from "./useBatches";
import { useQueue } from "./useQueue";
import { WaitingDialog } from "./WaitingDialog";

export function AwayPage({ person }: { person: Person }) {
  const words = useWords();
  const { offline } = words;
  const { retry } = useSession();
  const { queue, standing } = useQueue();
  const batches = useBatches(person.id);
  const left = useLeft(queue, standing, batches);
  const [open, setOpen] = useState(false);
  return (
    <Page title={offline.as(person.handle)}>
      <p>{batches && batches.length === 0 ? offline.nothingTaken : offline.meaning}</p>
      <ul className="rounds">
        {(batches ?? []).map(({ key, round, items, taken_at, bytes }) => (
          <li key={key}>
            <article className="card round-card">
              <div className="round-head">
                <h2>
                  <bdi>{round.name}</bdi>
                </h2>
              </div>
              <p>{left[key] === undefined ? offline.left(items.length) : offline.here(items.length, left[key], bytes)}</p>
              <p className="quiet">{offline.takenAt(words.date(taken_at))}</p>
              <Link className="button strong" href={`/rounds/${encodeURIComponent(round.id)}`}>
                {offline.label}
              </Link>
            </article>
          </li>
        ))}
      </ul>
      <div className="notice">
        <p className="notice-title">{standing.waiting > 0 ? offline.waits(standing.waiting, words.date(standing.oldest ?? new Date().toISOString())) : offline.allSent}</p>
        <span className="page-actions">
          <Button className="button" onPress={() => setOpen(true)}>
            {offline.details}
          </Button>
          <Button className="button" onPress={retry}>
            {offline.again}
          </Button>
        </span>
      </div>
      <WaitingDialog open={open} onClose={() => setOpen(false)} />
    </Page>
  );
}

/** How many cells of each batch have no answer yet, on this device. */
function useLeft(queue: Queue, standing: Standing, batches: readonly Batch[] | undefined): Record<string, number> {
  const [left, setLeft] = useState<Record<string, number>>({});
  useEffect(() => {
    let gone = false;
    const counted = (batches ?? []).map(async ({ key, person, round, items }): Promise<[string, number]> => {
      const events = inOrder(await queue.ofRound(person, round.id));
      const said = new Map(events.filter(({ state }) => state !== "refused").map(({ item, after }) => [item, after.term]));
      return [key, items.filter(({ item, answer }) => (said.has(item) ? said.get(item) : (answer?.term ?? null)) === null).length];
    });
    void Promise.all(counted).then((found) => {
      if (!gone) setLeft(Object.fromEntries(found));
    });
    return () => {
      gone = true;
    };
    // What is sent or given meanwhile changes the standing.
  }, [queue, standing, batches]);
  return left;
}
