/** Cells to take along: how many, how it goes, what is here, and giving it back. */
import { useRef, useState } from "react";
import { Button } from "react-aria-components";

import type { Taxonomy } from "../../api/client";
import type { Person } from "../../api/people";
import type { RoundView } from "../../api/rounds";
import { type Batch, canTake, giveBack, NoRoom, take } from "../../offline/batch";
import { useBatch } from "../../offline/useBatches";
import { useWords } from "../../words/words";
import { Sheet } from "./Dialogs";
import type { Reading } from "./reading";
import { sideHere } from "./useReading";

const COUNTS = [50, 100, 300] as const;

export interface TakeAlongProps {
  open: boolean;
  round: RoundView;
  person: Person;
  taxonomy: Taxonomy;
  reading: Reading;
  onClose: () => void;
}

export function TakeAlong({ open, onClose, ...rest }: TakeAlongProps) {
  const { offline } = useWords();
  return (
    <Sheet title={offline.take} open={open} onClose={onClose}>
      {open ? canTake() ? <Taking {...rest} /> : <p>{offline.notSecure}</p> : null}
    </Sheet>
  );
}

interface Going {
  done: number;
  of: number;
  bytes: number;
}

function Taking({ round, person, taxonomy, reading }: Omit<TakeAlongProps, "open" | "onClose">) {
  const words = useWords();
  const { offline } = words;
  const batch = useBatch(person.id, round.id);
  const [count, setCount] = useState<number>(COUNTS[1]);
  const [going, setGoing] = useState<Going>();
  const [trouble, setTrouble] = useState("");
  const stop = useRef<AbortController>(undefined);
  const isAnswered = (item: Parameters<Reading["opinion"]>[0]) => reading.opinion(item).term !== null;

  const begin = async () => {
    const stopping = new AbortController();
    stop.current = stopping;
    setTrouble("");
    setGoing({ done: 0, of: count, bytes: 0 });
    try {
      const taken = await take({
        person,
        round,
        taxonomy,
        count,
        from: reading.seen.place,
        isAnswered,
        side: sideHere(),
        signal: stopping.signal,
        onProgress: (done, of, bytes) => setGoing({ done, of, bytes }),
      });
      if (taken.items.length === 0) {
        setTrouble(offline.noneLeft);
        await giveBack(person.id, round.id);
      }
    } catch (reason) {
      if (stopping.signal.aborted) return;
      if (reason instanceof NoRoom) setTrouble(reason.free === undefined ? offline.noRoom : offline.noRoomFree(reason.free));
      else setTrouble(offline.takeFailed);
    } finally {
      stop.current = undefined;
      setGoing(undefined);
    }
  };
  if (going) {
    return (
      <section className="taking">
        <progress value={going.done} max={Math.max(going.of, 1)} aria-label={offline.taking(going.done, going.of)} />
        <p role="status">
          {offline.taking(going.done, going.of)} · {offline.megabytes(going.bytes)}
        </p>
        <Button className="button" onPress={() => stop.current?.abort()}>
          {offline.stop}
        </Button>
      </section>
    );
  }
  return (
    <>
      {batch ? <Here batch={batch} left={batch.items.filter((item) => !isAnswered(item)).length} onGiveBack={() => void giveBack(person.id, round.id)} /> : <p>{offline.takeMeaning}</p>}
      {trouble ? (
        <p className="key-said" role="alert">
          {trouble}
        </p>
      ) : null}
      <div className="counts" role="group" aria-label={offline.howMany}>
        {COUNTS.map((each) => (
          <button key={each} type="button" className={each === count ? "button chosen" : "button"} aria-pressed={each === count} onClick={() => setCount(each)}>
            {words.number(each)}
          </button>
        ))}
      </div>
      <div className="page-actions">
        <Button className="button strong" onPress={() => void begin()}>
          {offline.takeNow(count)}
        </Button>
      </div>
    </>
  );
}

function Here({ batch, left, onGiveBack }: { batch: Batch; left: number; onGiveBack: () => void }) {
  const words = useWords();
  const { offline } = words;
  return (
    <section className="batch-here">
      <p className="notice-title">{offline.here(batch.items.length, left, batch.bytes)}</p>
      <p className="quiet">{offline.takenAt(words.date(batch.taken_at))}</p>
      {batch.lasting ? null : <p className="quiet">{offline.notLasting}</p>}
      <Button className="button" onPress={onGiveBack}>
        {offline.giveBack}
      </Button>
      <p className="quiet">{offline.giveBackMeaning}</p>
    </section>
  );
}
