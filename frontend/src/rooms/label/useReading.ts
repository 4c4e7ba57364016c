/** A reading of one round, alive: items from the service, events to the queue, crops loaded ahead. */
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";

import { getJson, type Problem, problemOf } from "../../api/client";
import { type History, historyUrl, itemPicture, type ItemPage, itemsUrl } from "../../api/rounds";
import { batchOf, takenPicture } from "../../offline/batch";
import { are } from "../../offline/kinds";
import { theQueue } from "../../offline/useQueue";
import { around, type Crop, Pictures } from "./pictures";
import { Reading, type Seen, type Who } from "./reading";

const placeKept = ({ person, round }: Who): string => `buffycoat.place.${person}.${round}`;
/** How often a page in sight asks what the person did elsewhere. */
const LOOK_MS = 20_000;
const SOON_MS = 500;
const TRIES = 3;

const EMPTY = (): undefined => undefined;
const NEVER = () => () => undefined;

export interface Alive {
  reading: Reading | undefined;
  seen: Seen | undefined;
  problem: Problem | undefined;
  retry: () => void;
}

/** Ask for what was answered elsewhere; an answer that is older than the last receipt is asked for once more. */
async function look(made: Reading, round: string, signal: AbortSignal): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const before = made.settles;
    const told = await getJson<History>(historyUrl(round), signal);
    if (made.settles === before) {
      made.catchUp(told);
      return;
    }
  }
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
    let behind = false;
    const missed = async (page: number, told: Problem) => {
      const batch = told.code === "offline" ? await batchOf(person, round) : undefined;
      if (stop.signal.aborted) return;
      made?.missed(page);
      if (batch) {
        behind = true;
        made?.arriveTaken(batch);
      } else setProblem(told);
    };
    const load = (page: number) => {
      getJson<ItemPage>(itemsUrl(round, page), stop.signal).then(
        (answer) => {
          setProblem(undefined);
          made?.arrive(page, answer);
        },
        (reason: unknown) => {
          if (!stop.signal.aborted) void missed(page, problemOf(reason));
        },
      );
    };
    // On coming back to the page or to the network, and once in a while: both devices of a person show the same.
    const lookUp = () => {
      if (!made || document.visibilityState === "hidden" || !made.seen.total) return;
      if (behind && navigator.onLine) {
        behind = false;
        made.reload();
      }
      look(made, round, stop.signal).catch((reason: unknown) => {
        if (!stop.signal.aborted) problemOf(reason);
      });
    };
    void queue.ofRound(person, round).then((events) => {
      if (stop.signal.aborted) return;
      const kept = Number(localStorage.getItem(placeKept(mine)) ?? Number.NaN);
      made = new Reading(mine, events, { load, keep: (event) => void queue.give([event]) }, Number.isNaN(kept) ? undefined : kept);
      made.open();
      setReading(made);
      const { subscribe } = made;
      const unsubscribe = subscribe(() => {
        unsubscribe();
        lookUp();
      });
    });
    let soon: ReturnType<typeof setTimeout> | undefined;
    const unlisten = queue.listen((all) => {
      const events = are(all, "answer");
      if (events.length === 0) return;
      made?.hear(events);
      // Several at once have waited: meanwhile another device may have gone on.
      if (events.length < 2 || events.some(({ state }) => state === "waiting")) return;
      clearTimeout(soon);
      soon = setTimeout(lookUp, SOON_MS);
    });
    const timer = setInterval(lookUp, LOOK_MS);
    window.addEventListener("focus", lookUp);
    window.addEventListener("online", lookUp);
    document.addEventListener("visibilitychange", lookUp);
    return () => {
      stop.abort();
      unlisten();
      clearTimeout(soon);
      clearInterval(timer);
      window.removeEventListener("focus", lookUp);
      window.removeEventListener("online", lookUp);
      document.removeEventListener("visibilitychange", lookUp);
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

/** The side that suits this screen. */
export const sideHere = (): number => (Math.min(window.innerWidth, window.innerHeight) * Math.min(window.devicePixelRatio, 2) > 480 ? SIDES[1] : SIDES[0]);

export function useCrop({ round, person }: Who, reading: Reading | undefined, seen: Seen | undefined): { crop: Crop | undefined; retry: () => void } {
  const pictures = useMemo(() => new Pictures((url) => takenPicture(person, round, url)), [person, round]);
  const side = sideHere();
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
