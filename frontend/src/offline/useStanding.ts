/** All that waits on this device, events and photographs, as one: for the marks that say so. */
import { useMemo } from "react";

import { theSender, usePhotographs } from "./photographs/usePhotographs";
import type { PhotoStanding } from "./photographs/sender";
import type { Standing } from "./queue";
import { theQueue, useQueue } from "./useQueue";

/** Whose things are sent from now on. */
export function signIn(person: string | undefined): void {
  theQueue().signIn(person);
  theSender().signIn(person);
}

export function together(events: Standing, photographs: PhotoStanding): Standing {
  const oldest = [events.oldest, photographs.oldest].filter((each) => each !== undefined).sort()[0];
  return {
    ...events,
    waiting: events.waiting + photographs.waiting,
    oldest,
    others: [...new Set([...events.others, ...photographs.others])],
    problem: events.problem ?? (photographs.waiting > 0 ? photographs.problem : undefined),
    lasting: events.lasting && photographs.lasting && !photographs.full,
    known: events.known && photographs.known,
  };
}

export function useStanding(): Standing {
  const { standing } = useQueue();
  const { photographs } = usePhotographs();
  return useMemo(() => together(standing, photographs), [standing, photographs]);
}
