/** Who is signed in, for everything inside; asked once, and again when a tab comes back. */
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from "react";

import { getJson, type Problem, problemOf, sendJson, SIGNED_OUT } from "../../api/client";
import type { Person, Session } from "../../api/people";
import { forget } from "../../api/resource";
import { theQueue } from "../../offline/useQueue";
import { go } from "../../route/router";

const URL_ = "/api/session";
const KEPT_AS = "buffycoat.person";

interface Held {
  /** `undefined` while nobody knows yet. */
  session: Session | undefined;
  problem: Problem | undefined;
  /** What an answer to signing in, setting up or joining says. */
  enter: (session: Session) => void;
  signOut: () => Promise<void>;
  retry: () => void;
}

const Context = createContext<Held>({
  session: undefined,
  problem: undefined,
  enter: () => undefined,
  signOut: async () => undefined,
  retry: () => undefined,
});

export const useSession = (): Held => useContext(Context);
export const usePerson = (): Person | null | undefined => useContext(Context).session?.person;

/** Whoever was signed in here last: without a connection, labeling goes on for that person. */
function lastSession(): Session | undefined {
  try {
    const person = JSON.parse(localStorage.getItem(KEPT_AS) ?? "null") as Person | null;
    return person ? { person, guests: false, needs_setup: false, demo: [] } : undefined;
  } catch {
    return undefined;
  }
}

const OPEN_PATHS = ["/sign-in", "/join/", "/setup"];
export const isOpenPath = (path: string): boolean => OPEN_PATHS.some((each) => path.startsWith(each));

/** The page for signing in, which leads back to where we are. */
export function toSignIn(): void {
  const here = window.location.pathname + window.location.search;
  if (!isOpenPath(here)) go(`/sign-in?to=${encodeURIComponent(here)}`, { replace: true });
}

export function SessionHolder({ children }: { children: ReactNode }) {
  const [session, setSession] = useState<Session>();
  const [problem, setProblem] = useState<Problem>();
  const keep = useCallback((now: Session) => {
    setProblem(undefined);
    setSession((before) => {
      // What another person was told is not for this one.
      if (before && before.person?.id !== now.person?.id) forget();
      return JSON.stringify(before) === JSON.stringify(now) ? before : now;
    });
    if (now.person) localStorage.setItem(KEPT_AS, JSON.stringify(now.person));
    else localStorage.removeItem(KEPT_AS);
    theQueue().signIn(now.person?.id);
  }, []);
  const ask = useCallback(() => {
    getJson<Session>(URL_).then(keep, (reason: unknown) => {
      const told = problemOf(reason);
      const known = told.code === "offline" ? lastSession() : undefined;
      if (known) {
        setSession((before) => before ?? known);
        theQueue().signIn(known.person?.id);
      } else setProblem(told);
    });
  }, [keep]);
  useEffect(() => {
    ask();
    const seen = () => document.visibilityState === "visible" && ask();
    const out = () => {
      ask();
      toSignIn();
    };
    document.addEventListener("visibilitychange", seen);
    window.addEventListener("online", ask);
    window.addEventListener(SIGNED_OUT, out);
    return () => {
      document.removeEventListener("visibilitychange", seen);
      window.removeEventListener("online", ask);
      window.removeEventListener(SIGNED_OUT, out);
    };
  }, [ask]);
  const held = useMemo<Held>(
    () => ({
      session,
      problem,
      enter: keep,
      signOut: async () => keep(await sendJson<Session>("DELETE", URL_)),
      retry: ask,
    }),
    [session, problem, keep, ask],
  );
  return <Context value={held}>{children}</Context>;
}
