/** The line below the bar: no connection, what waits too long or was refused, or a newer version; nothing while all is well. */
import { useEffect, useState } from "react";
import { Button } from "react-aria-components";

import { useSession } from "../rooms/people/session";
import { Link, useAddress } from "../route/router";
import { refusalOf } from "../words/tell";
import { useWords } from "../words/words";
import { takeOver, useNewer } from "./install";
import { useReached } from "./reach";
import { useSaidInRoom } from "./SentMark";
import { useBatches } from "./useBatches";
import { useStanding } from "./useStanding";
import { WaitingDialog } from "./WaitingDialog";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Whether answers wait for more than a day. */
export function useIsOld(oldest: string | undefined): boolean {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MINUTE_MS);
    return () => clearInterval(timer);
  }, []);
  return oldest !== undefined && now - Date.parse(oldest) > DAY_MS;
}

export function OfflineLine() {
  const words = useWords();
  const { offline } = words;
  const { session } = useSession();
  const person = session?.person;
  const standing = useStanding();
  const reached = useReached();
  const newer = useNewer();
  const old = useIsOld(standing.oldest);
  const [open, setOpen] = useState(false);
  const away = !reached && person;
  const stranded = !person && standing.others.length > 0;
  const inRoom = useSaidInRoom();
  const last = inRoom ? undefined : standing.refused.at(-1);
  if (!away && !old && !newer && !stranded && !last && !open) return null;
  return (
    <div className="offline-lines" role="region" aria-label={offline.waitingTitle}>
      {away ? <Away handle={person.handle} person={person.id} /> : null}
      {old && standing.oldest ? (
        <p className="offline-line warn">
          <span>{offline.old(standing.waiting, words.date(standing.oldest))}</span>
          <Button className="button" onPress={() => setOpen(true)}>
            {offline.details}
          </Button>
        </p>
      ) : null}
      {last ? (
        <p className="offline-line warn">
          <span>{offline.refusedWhy(standing.refused.length, refusalOf(last.refusal, words))}</span>
          <Button className="button" onPress={() => setOpen(true)}>
            {offline.details}
          </Button>
        </p>
      ) : null}
      {stranded ? <p className="offline-line warn">{offline.waitFor(standing.others.join(", "))}</p> : null}
      {newer ? (
        <p className="offline-line">
          <span>
            <strong>{offline.newer}</strong> <span className="quiet">{offline.newerMeaning}</span>
          </span>
          <Button className="button" onPress={takeOver}>
            {offline.reload}
          </Button>
        </p>
      ) : null}
      <WaitingDialog open={open} onClose={() => setOpen(false)} />
    </div>
  );
}

/** Who one is without a connection, and what one can do. */
function Away({ handle, person }: { handle: string; person: string }) {
  const { offline, capture } = useWords();
  const { path } = useAddress();
  const batches = useBatches(person) ?? [];
  return (
    <p className="offline-line" role="status">
      <span>
        <strong>{offline.as(handle)}</strong> <span className="quiet">{path === "/capture" ? capture.away : batches.length > 0 ? offline.meaning : offline.nothingTaken}</span>
      </span>
      {batches.map(({ key, round, items }) => (
        <Link key={key} className="button strong" href={`/rounds/${encodeURIComponent(round.id)}`}>
          <bdi>{round.name}</bdi> · {items.length}
        </Link>
      ))}
    </p>
  );
}
