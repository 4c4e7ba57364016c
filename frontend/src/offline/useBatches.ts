/** What a person took along, as components see it. */
import { useEffect, useState } from "react";

import { type Batch, batchesOf, onBatches } from "./batch";

/** `undefined` while nobody knows yet. */
export function useBatches(person: string | undefined): readonly Batch[] | undefined {
  const [found, setFound] = useState<{ person: string | undefined; batches: readonly Batch[] }>();
  useEffect(() => {
    let gone = false;
    const look = () => {
      void (person === undefined ? Promise.resolve([]) : batchesOf(person)).then((batches) => {
        if (!gone) setFound({ person, batches });
      });
    };
    look();
    const stop = onBatches(look);
    return () => {
      gone = true;
      stop();
    };
  }, [person]);
  return found?.person === person ? found?.batches : undefined;
}

export const useBatch = (person: string | undefined, round: string): Batch | undefined => useBatches(person)?.find((each) => each.round.id === round);
