/** A reading of one round, alive: items from the service, events to the queue, crops loaded ahead. */
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";

import { getJson, type Problem, problemOf } from "../../api/client";
import { itemPicture, type ItemPage, itemsUrl } from "../../api/rounds";
import { theQueue } from "../../offline/useQueue";
import { around, type Crop, Pictures } from "./pictures";
import { Reading, type Seen, type Who } from "./reading";

const placeKept = ({ person, round }: Who): string => `buffycoat.place.${person}.${round}`;

const EMPTY = (): undefined => undefined;
const NEVER = () => () => undefined;

export interface Alive {
  reading: Reading | undefined;
  seen: Seen | undefined;
  problem: Problem | undefined;
  retry: () => void;
}

export function useReading(who: Who): Alive {
  const { round, person, handle } = who;
  const [reading, setReading] = useState<Reading>();
  const [problem, setProblem] = useState<Problem>();
  const [tries, setTries] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    const mine: Who = { round, person, handle };
    const queue = theQueue();
    let made: Reading | undefined;
    const load = (page: number) => {
      getJson<ItemPage>(itemsUrl(round, page), stop.signal).then(
        (answer) => {
          setProblem(undefined);
          made?.arrive(page, answer);
        },
        (reason: unknown) => {
          if (stop.signal.aborted) return;
          made?.missed(page);
          setProblem(problemOf(reason));
        },
      );
    };
    void queue.ofRound(person, round).then((events) => {
      if (stop.signal.aborted) return;
      const kept = Number(localStorage.getItem(placeKept(mine)) ?? Number.NaN);
      made = new Reading(mine, events, { load, keep: (event) => void queue.give(event) }, Number.isNaN(kept) ? undefined : kept);
      made.open();
      setReading(made);
    });
    const unlisten = queue.listen((events) => made?.hear(events));
    return () => {
      stop.abort();
      unlisten();
    };
  }, [round, person, handle, tries]);
  const seen = useSyncExternalStore(reading?.subscribe ?? NEVER, reading ? () => reading.seen : EMPTY);
  const place = seen?.item ? seen.place : undefined;
  useEffect(() => {
    if (place !== undefined) localStorage.setItem(placeKept({ round, person, handle }), String(place));
  }, [place, round, person, handle]);
  return {
    reading,
    seen,
    problem,
    retry: () => {
      setProblem(undefined);
      if (reading && seen?.total) reading.open();
      else setTries((count) => count + 1);
    },
  };
}

/** Sides of crops as they are asked for: few, so that the browser's own memory serves many visits. */
const SIDES = [384, 768] as const;

export function useCrop(round: string, reading: Reading | undefined, seen: Seen | undefined): { crop: Crop | undefined; retry: () => void } {
  const pictures = useMemo(() => new Pictures(), []);
  const wide = Math.min(window.innerWidth, window.innerHeight) * Math.min(window.devicePixelRatio, 2) > 480;
  const side = wide ? SIDES[1] : SIDES[0];
  const place = seen?.place ?? 0;
  const total = seen?.total ?? 0;
  const item = seen?.item?.item;
  const url = item === undefined ? undefined : itemPicture(round, item, side);
  useEffect(() => {
    if (!reading || item === undefined) return;
    const coming = around(place, total).map((each) => reading.at(each)?.item);
    pictures.want(coming.filter((each) => each !== undefined).map((each) => itemPicture(round, each, side)));
  }, [pictures, reading, round, side, place, total, item]);
  useEffect(() => () => pictures.close(), [pictures]);
  const crop = useSyncExternalStore(pictures.subscribe, () => pictures.at(url));
  return { crop, retry: () => url !== undefined && pictures.retry(url) };
}
