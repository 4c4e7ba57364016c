/** The board alive: cells from the service, labels to the queue, receipts back. */
import { useEffect, useState, useSyncExternalStore } from "react";

import { getJson, type Problem, problemOf } from "../../../api/client";
import type { Person } from "../../../api/people";
import { are } from "../../../offline/kinds";
import { theQueue } from "../../../offline/useQueue";
import { Board, type Seen } from "./board";
import type { Arrangement, GalleryEvent } from "./events";

export interface Alive {
  board: Board | undefined;
  seen: Seen | undefined;
  problem: Problem | undefined;
  retry: () => void;
}

const EMPTY = (): undefined => undefined;
const NEVER = () => () => undefined;

/** `person` is who may label; without one, nothing can be moved. `null` for the address loads nothing. */
export function useBoard(url: string | null, person: Person | undefined): Alive {
  const [made, setMade] = useState<{ url: string; board: Board }>();
  const [problem, setProblem] = useState<Problem>();
  const [tries, setTries] = useState(0);
  const id = person?.id;
  const handle = person?.handle ?? "";
  useEffect(() => {
    if (url === null) return undefined;
    const stop = new AbortController();
    const queue = theQueue();
    setProblem(undefined);
    let board: Board | undefined;
    // What is given while the answer is on its way may be in it or not: it is laid over it.
    const since: GalleryEvent[] = [];
    const unlisten = queue.listen((all) => {
      const events = are(all, "label");
      if (board) board.hear(events);
      else since.push(...events);
    });
    const known = id === undefined ? Promise.resolve<GalleryEvent[]>([]) : queue.ofKind(id, "label");
    Promise.all([known, getJson<Arrangement>(url, stop.signal)]).then(
      ([events, arrangement]) => {
        if (stop.signal.aborted) return;
        const keep = (given: readonly GalleryEvent[]) => void queue.give(given);
        const lately = new Set(since.map(({ event }) => event));
        const mine = events.map((each) => (lately.has(each.event) && each.state === "kept" ? { ...each, state: "waiting" as const } : each));
        board = new Board(id === undefined ? undefined : { person: id, handle }, arrangement, mine, keep);
        board.hear(since);
        setMade({ url, board });
      },
      (reason: unknown) => {
        if (!stop.signal.aborted) setProblem(problemOf(reason));
      },
    );
    return () => {
      stop.abort();
      unlisten();
    };
  }, [url, id, handle, tries]);
  const board = made?.url === url ? made.board : undefined;
  const seen = useSyncExternalStore(board?.subscribe ?? NEVER, board ? () => board.seen : EMPTY);
  return { board, seen, problem, retry: () => setTries((count) => count + 1) };
}
