/** One thing from the service, as a component sees it: not here yet, here, or failed. */
import { useCallback, useEffect, useState } from "react";

import { type Answers, address, Failure, getJson, type Problem, type Query, type Route } from "./client";

export interface Resource<T> {
  data: T | undefined;
  problem: Problem | undefined;
  retry: () => void;
}

interface Settled<T> {
  url: string | null;
  data?: T;
  problem?: Problem;
}

const REMEMBERED = 300;
const memory = new Map<string, unknown>();

/** The last answer of an address, if it is still known. */
export const recall = (url: string): unknown => memory.get(url);

export function remember(url: string, answer: unknown): void {
  memory.delete(url);
  memory.set(url, answer);
  const oldest = memory.keys().next().value;
  if (memory.size > REMEMBERED && oldest !== undefined) memory.delete(oldest);
}

/** Forget every answer; tests start clean with it. */
export const forget = (): void => memory.clear();

/** Load from a ready address; `null` loads nothing. The last answer shows at once and is asked for again behind it. */
export function useJson<T>(url: string | null): Resource<T> {
  const [settled, setSettled] = useState<Settled<T>>({ url: null });
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (url === null) return undefined;
    const stop = new AbortController();
    getJson<T>(url, stop.signal).then(
      (data) => {
        remember(url, data);
        setSettled({ url, data });
      },
      (reason: unknown) => {
        if (stop.signal.aborted) return;
        if (!(reason instanceof Failure)) throw reason;
        setSettled({ url, problem: reason.problem });
      },
    );
    return () => stop.abort();
  }, [url, tries]);
  const retry = useCallback(() => {
    setSettled({ url: null });
    setTries((count) => count + 1);
  }, []);
  const mine = settled.url === url ? settled : undefined;
  const known = url === null ? undefined : (recall(url) as T | undefined);
  return { data: mine?.data ?? (mine?.problem ? undefined : known), problem: mine?.problem, retry };
}

/** Load what a route answers; `null` for `parts` loads nothing. */
export function useGet<P extends Route>(route: P, parts: Record<string, string> | null = {}, query: Query = {}): Resource<Answers[P]> {
  return useJson<Answers[P]>(parts === null ? null : address(route, parts, query));
}
