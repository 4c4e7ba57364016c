/** A long list of which only the looked-at pages are loaded. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";

import { Failure, getJson, type Problem } from "./client";
import { recall, remember } from "./resource";

export interface LongList<T> {
  /** `undefined` until the first page is here. */
  total: number | undefined;
  at: (index: number) => T | undefined;
  /** Ask for the items from `first` to `last`; asking twice costs nothing. */
  need: (first: number, last: number) => void;
  problem: Problem | undefined;
  retry: () => void;
}

interface Page<T> {
  total: number;
  items: readonly T[];
}

interface Loaded<T> {
  address: string | null;
  total: number | undefined;
  pages: ReadonlyMap<number, readonly T[]>;
  problem: Problem | undefined;
}

export const PAGE = 100;

/** `null` loads nothing. */
export function useLongList<T>(address: string | null): LongList<T> {
  const empty = useMemo<Loaded<T>>(() => ({ address, total: undefined, pages: new Map(), problem: undefined }), [address]);
  const [kept, setLoaded] = useState<Loaded<T>>(empty);
  const loaded = kept.address === address ? kept : empty;
  const asked = useRef(new Set<number>());
  const stop = useRef<AbortController>(undefined);

  const load = useCallback(
    (page: number) => {
      const { current: pending } = asked;
      const { current: stopper } = stop;
      if (pending.has(page) || !stopper || address === null) return;
      pending.add(page);
      const url = `${address}${address.includes("?") ? "&" : "?"}offset=${page * PAGE}&limit=${PAGE}`;
      const change = (how: (now: Loaded<T>) => Loaded<T>) => setLoaded((now) => how(now.address === address ? now : empty));
      const keep = ({ total, items }: Page<T>) => change((now) => ({ ...now, total, pages: new Map(now.pages).set(page, items) }));
      const known = recall(url) as Page<T> | undefined;
      if (known) keep(known);
      getJson<Page<T>>(url, stopper.signal).then(
        (answer) => {
          remember(url, answer);
          keep(answer);
        },
        (reason: unknown) => {
          if (stopper.signal.aborted) return;
          if (!(reason instanceof Failure)) throw reason;
          pending.delete(page);
          change((now) => ({ ...now, problem: reason.problem }));
        },
      );
    },
    [address, empty],
  );

  useEffect(() => {
    asked.current = new Set();
    stop.current = new AbortController();
    load(0);
    return () => stop.current?.abort();
  }, [load]);

  const need = useCallback(
    (first: number, last: number) => {
      for (let page = Math.floor(Math.max(first, 0) / PAGE); page * PAGE <= last; page++) load(page);
    },
    [load],
  );
  const at = useCallback((index: number) => loaded.pages.get(Math.floor(index / PAGE))?.[index % PAGE], [loaded]);
  const retry = useCallback(() => {
    setLoaded((now) => ({ ...now, problem: undefined }));
    load(0);
  }, [load]);
  return { total: loaded.total, at, need, problem: loaded.problem, retry };
}
