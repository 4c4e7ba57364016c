/** Questions that come faster than answers: one is asked at a time, and of those that wait only the newest. */
import { useCallback, useEffect, useRef, useState } from "react";

import { Failure, type Problem, sendJson } from "../../api/client";

export class Latest<W, A> {
  private asking = false;
  private waiting: { wish: W } | undefined;
  private over = false;

  constructor(
    private readonly ask: (wish: W) => Promise<A>,
    private readonly tell: (answer: A, wish: W) => void,
    private readonly fail: (reason: unknown, wish: W) => void,
  ) {}

  want(wish: W): void {
    if (this.asking) this.waiting = { wish };
    else void this.run(wish);
  }

  /** Nothing is told any more. */
  close(): void {
    this.over = true;
  }

  private async run(wish: W): Promise<void> {
    this.asking = true;
    try {
      const answer = await this.ask(wish);
      if (!this.over) this.tell(answer, wish);
    } catch (reason) {
      // What failed and is asked otherwise already is nobody's trouble.
      if (!this.over && !this.waiting) this.fail(reason, wish);
    }
    this.asking = false;
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting && !this.over) void this.run(waiting.wish);
  }
}

export interface Answered<A> {
  answer: A | undefined;
  problem: Problem | undefined;
  /** Whether the answer is to the wish as it is now. */
  current: boolean;
  /** When the wish was made that the answer is to. */
  began: number;
  retry: () => void;
}

/** The answer to a wish that changes under the hand; `null` asks nothing. */
export function useLatest<W, A>(url: string, wish: W | null, delay = 0): Answered<A> {
  const [held, setHeld] = useState<{ key: string; began: number; answer?: A; problem?: Problem }>();
  const [tries, setTries] = useState(0);
  const latest = useRef<Latest<{ key: string; began: number; wish: W }, A>>(undefined);
  const key = wish === null ? "" : JSON.stringify(wish);
  useEffect(() => {
    const made = new Latest<{ key: string; began: number; wish: W }, A>(
      ({ wish: asked }) => sendJson<A>("POST", url, asked),
      (answer, asked) => setHeld({ key: asked.key, began: asked.began, answer }),
      (reason, asked) => {
        if (!(reason instanceof Failure)) throw reason;
        setHeld((before) => ({ key: asked.key, began: asked.began, problem: reason.problem, ...(before?.answer ? { answer: before.answer } : {}) }));
      },
    );
    latest.current = made;
    return () => made.close();
  }, [url]);
  useEffect(() => {
    if (key === "") return undefined;
    const began = performance.now();
    const timer = setTimeout(() => latest.current?.want({ key, began, wish: JSON.parse(key) as W }), delay);
    return () => clearTimeout(timer);
  }, [key, delay, tries]);
  const retry = useCallback(() => setTries((count) => count + 1), []);
  const mine = key === "" ? undefined : held;
  return { answer: mine?.answer, problem: mine?.key === key ? mine.problem : undefined, current: mine?.key === key, began: mine?.began ?? 0, retry };
}
