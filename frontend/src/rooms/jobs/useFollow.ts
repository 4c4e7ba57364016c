/** Something of the service that changes by itself: asked for again while it may, and while somebody looks. */
import { useCallback, useEffect, useRef, useState } from "react";

import { Failure, getJson, type Problem } from "../../api/client";

export interface Followed<T> {
  data: T | undefined;
  problem: Problem | undefined;
  /** Ask at once. */
  retry: () => void;
  /** Take what an answer to something else has told. */
  put: (data: T) => void;
}

/** After a failure it waits longer: a service that starts anew is not asked by everybody each second. */
const AFTER_FAILURE = 5;

/**
 * Ask for `url` now, and again every `pause` milliseconds as long as `changes` says that what came may still change.
 *
 * Where the tab is hidden nothing is asked; once it is seen again, at once. `null` asks nothing.
 */
export function useFollow<T>(url: string | null, changes: (data: T) => boolean, pause: number): Followed<T> {
  const [held, setHeld] = useState<{ url: string | null; data?: T; problem?: Problem }>({ url: null });
  const [turn, setTurn] = useState(0);
  const asks = useRef(changes);
  asks.current = changes;
  useEffect(() => {
    if (url === null) return undefined;
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let due = false;
    const again = (wait: number): void => {
      timer = setTimeout(ask, wait);
    };
    function ask(): void {
      due = document.hidden;
      if (due) return;
      getJson<T>(url as string, stop.signal).then(
        (data) => {
          setHeld({ url, data });
          if (asks.current(data)) again(pause);
        },
        (reason: unknown) => {
          if (stop.signal.aborted) return;
          if (!(reason instanceof Failure)) throw reason;
          const { problem } = reason;
          setHeld((before) => (before.url === url && before.data !== undefined ? { ...before, problem } : { url, problem }));
          if (problem.status !== 404 && problem.status !== 403) again(pause * AFTER_FAILURE);
        },
      );
    }
    const seen = (): void => {
      if (due && !document.hidden) ask();
    };
    document.addEventListener("visibilitychange", seen);
    ask();
    return () => {
      document.removeEventListener("visibilitychange", seen);
      clearTimeout(timer);
      stop.abort();
    };
  }, [url, pause, turn]);
  const retry = useCallback(() => setTurn((count) => count + 1), []);
  const put = useCallback(
    (data: T) => {
      setHeld({ url, data });
      if (asks.current(data)) setTurn((count) => count + 1);
    },
    [url],
  );
  const mine = held.url === url ? held : undefined;
  return { data: mine?.data, problem: mine?.problem, retry, put };
}
