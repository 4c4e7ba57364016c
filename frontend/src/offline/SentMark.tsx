/** In a room where things are done: whether all of it has reached the service, how much waits, and what was refused. */
import { type ReactNode, useEffect, useState, useSyncExternalStore } from "react";
import { Button } from "react-aria-components";

import type { Problem } from "../api/client";
import { inShort, refusalOf } from "../words/tell";
import { useWords } from "../words/words";
import { useReached } from "./reach";
import { useStanding } from "./useStanding";
import { WaitingDialog } from "./WaitingDialog";

const CALM_AFTER_MS = 700;

let rooms = 0;
const watchers = new Set<() => void>();
const tell = (by: number) => {
  rooms += by;
  for (const watcher of watchers) watcher();
};
const subscribe = (watcher: () => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};

/** Whether the room that is open says itself what waits: the bar and the line below it are silent then. */
export const useSaidInRoom = (): boolean => useSyncExternalStore(subscribe, () => rooms > 0);

/** Whether what waits is to be told: a moment's wait is no news. */
export function useIsLate(waiting: number, problem: Problem | undefined): boolean {
  const [late, setLate] = useState(false);
  const some = waiting > 0;
  useEffect(() => {
    setLate(false);
    if (!some) return undefined;
    const timer = setTimeout(() => setLate(true), CALM_AFTER_MS);
    return () => clearTimeout(timer);
  }, [some]);
  return some && (late || problem !== undefined);
}

export interface SentMarkProps {
  className: string;
  /** Where there is no room for reasons, they are told in the dialog alone, which opens from here at any time. */
  brief?: boolean;
  /** Said first while the service does not answer. */
  away?: string;
  /** More that is to be known here. */
  children?: ReactNode;
}

export function SentMark({ className, brief = false, away = "", children }: SentMarkProps) {
  const words = useWords();
  const { offline, label } = words;
  const standing = useStanding();
  const { waiting, problem, others, refused, lasting, known } = standing;
  const told = useIsLate(waiting, problem);
  const reached = useReached();
  const [open, setOpen] = useState(false);
  useEffect(() => {
    tell(1);
    return () => tell(-1);
  }, []);
  const why = problem === undefined || !told ? "" : problem.code !== "offline" ? inShort(problem, words) : brief ? "" : label.noConnection;
  const state = told ? label.waiting(waiting) : known && (reached || !brief) ? label.allSent : "";
  const last = refused.at(-1);
  const gone = !reached && away !== "";
  return (
    <>
      <span className={`sent ${className}`} role="status" data-waiting={known ? waiting : undefined}>
        {last ? (
          <Button className="plain mark leak" onPress={() => setOpen(true)}>
            {brief ? offline.refusedTitle(refused.length) : offline.refusedWhy(refused.length, refusalOf(last.refusal, words))}
          </Button>
        ) : null}
        {others.length > 0 ? <span className="mark leak">{label.ofOthers(others.join(", "))}</span> : null}
        {lasting ? null : <span className="mark leak">{label.notLasting}</span>}
        {children}
        {told || brief ? (
          <Button className={`plain mark ${told ? "waiting-mark" : gone ? "away-mark" : "sent-mark"}`} onPress={() => setOpen(true)}>
            {[gone ? away : "", why ? `${state}: ${why}` : state].filter(Boolean).join(" · ")}
          </Button>
        ) : (
          <span className="sent-mark">{state}</span>
        )}
      </span>
      <WaitingDialog open={open} onClose={() => setOpen(false)} />
    </>
  );
}
