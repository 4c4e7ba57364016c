/** Who is signed in, for everything inside; asked once, and again when a tab comes back. */
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";

import { getJson, type Problem, problemOf, sendJson, SIGNED_IN, SIGNED_OUT } from "../../api/client";
import type { Person, Session } from "../../api/people";
import { forget } from "../../api/resource";
import { clearAllBut } from "../../offline/batch";
import { signIn } from "../../offline/useStanding";
import { go } from "../../route/router";

const URL_ = "/api/session";
const KEPT_AS = "buffycoat.person";
/** Kept in the browser by whoever signed out without a connection: the service is told that before anything else. */
const LEAVING = "buffycoat.leaving";
/** When somebody was last found signed in: tabs that wait hear of it. */
const SIGNED_AT = "buffycoat.signed-in";
const NOBODY: Session = { person: null, guests: false, needs_setup: false, demo: [] };

/** Whose sign-in ended while a page of theirs is open, and how one may sign in now. */
export interface Over {
  person: Person;
  session: Session;
}

interface Held {
  /** `undefined` while nobody knows yet. */
  session: Session | undefined;
  problem: Problem | undefined;
  /** What an answer to signing in, setting up or joining says. */
  enter: (session: Session) => void;
  signOut: () => Promise<void>;
  retry: () => void;
  /** The page stays as it is below, and so does `session`, until somebody is signed in again. */
  over: Over | undefined;
  /** Give the page up that waits for its person. */
  leave: () => void;
}

const Context = createContext<Held>({
  session: undefined,
  problem: undefined,
  enter: () => undefined,
  signOut: async () => undefined,
  retry: () => undefined,
  over: undefined,
  leave: () => undefined,
});

let leaving: Promise<void> | undefined;

/**
 * Tell the service that whoever left without a connection is signed out. Once, however many ask: an answer that came
 * late would take the cookie of whoever has signed in meanwhile.
 */
function leaveAtLast(): Promise<void> {
  if (localStorage.getItem(LEAVING) !== null)
    leaving ??= sendJson<Session>("DELETE", URL_)
      .catch((reason: unknown) => {
        if (problemOf(reason).code === "offline") throw reason;
      })
      .then(() => localStorage.removeItem(LEAVING))
      .finally(() => (leaving = undefined));
  return leaving ?? Promise.resolve();
}

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

const OPEN_PATHS = ["/sign-in", "/signed-in", "/join/", "/setup"];
export const isOpenPath = (path: string): boolean => OPEN_PATHS.some((each) => path.startsWith(each));

/** The page for signing in, which leads back to where we are. */
export function toSignIn(): void {
  const here = window.location.pathname + window.location.search;
  if (!isOpenPath(here)) go(`/sign-in?to=${encodeURIComponent(here)}`, { replace: true });
}

export function SessionHolder({ children }: { children: ReactNode }) {
  const [session, setSession] = useState<Session>();
  const [problem, setProblem] = useState<Problem>();
  const [over, setOver] = useState<Over>();
  /** Who is signed in as far as this page knows, and whether the page waits for that person. */
  const here = useRef<{ person: Person | null; waits: boolean }>({ person: null, waits: false });
  const keep = useCallback((now: Session) => {
    setProblem(undefined);
    const { person: before, waits } = here.current;
    const again = waits && now.person !== null && now.person.id === before?.id;
    here.current = { person: now.person, waits: false };
    setOver(undefined);
    setSession((before) => {
      // What another person was told is not for this one.
      if (before && before.person?.id !== now.person?.id) forget();
      return JSON.stringify(before) === JSON.stringify(now) ? before : now;
    });
    if (now.person) localStorage.setItem(KEPT_AS, JSON.stringify(now.person));
    else localStorage.removeItem(KEPT_AS);
    if (now.person) {
      localStorage.removeItem(LEAVING);
      if (!before) localStorage.setItem(SIGNED_AT, String(Date.now()));
      // What another person took along on this device is not for this one to see.
      void clearAllBut(now.person.id);
    }
    signIn(now.person?.id);
    if (again) {
      window.dispatchEvent(new Event(SIGNED_IN));
      // To whatever waits to be sent it is as if the connection came back.
      window.dispatchEvent(new Event("online"));
    } else if (waits && now.person) go("/");
  }, []);
  /** What the service says of us; where it knows nobody any more, the page of whoever was here waits. */
  const hear = useCallback(
    (now: Session) => {
      const { person } = here.current;
      if (!person || now.person) return keep(now);
      here.current = { person, waits: true };
      return setOver({ person, session: now });
    },
    [keep],
  );
  /** How often was asked, or told: an answer to an earlier question is no news. */
  const asked = useRef(0);
  const tell = useCallback(
    (now: Session) => {
      asked.current += 1;
      keep(now);
    },
    [keep],
  );
  const ask = useCallback(() => {
    asked.current += 1;
    const mine = asked.current;
    const latest = () => mine === asked.current;
    const session = leaveAtLast().then(() => getJson<Session>(URL_));
    session.then((now) => latest() && hear(now), (reason: unknown) => {
      if (!latest()) return;
      const told = problemOf(reason);
      const known = told.code === "offline" ? lastSession() : undefined;
      if (known) {
        here.current = { person: here.current.person ?? known.person, waits: here.current.waits };
        setSession((before) => before ?? known);
        signIn(known.person?.id);
      } else setProblem(told);
    });
  }, [hear]);
  useEffect(() => {
    ask();
    const seen = () => document.visibilityState === "visible" && ask();
    const out = () => {
      ask();
      // Of a person who was here the page waits below; a guest is led to where one signs in.
      if (!here.current.person) toSignIn();
    };
    const elsewhere = ({ key, newValue }: StorageEvent) => {
      if (key === SIGNED_AT && here.current.waits) ask();
      if (key !== KEPT_AS) return;
      // Another tab signed out on purpose: then nothing stays to be seen here.
      if (newValue === null) tell(NOBODY);
      ask();
    };
    document.addEventListener("visibilitychange", seen);
    window.addEventListener("online", ask);
    window.addEventListener(SIGNED_OUT, out);
    window.addEventListener("storage", elsewhere);
    return () => {
      document.removeEventListener("visibilitychange", seen);
      window.removeEventListener("online", ask);
      window.removeEventListener(SIGNED_OUT, out);
      window.removeEventListener("storage", elsewhere);
    };
  }, [ask, tell]);
  const held = useMemo<Held>(
    () => ({
      session,
      problem,
      enter: tell,
      signOut: async () => {
        await clearAllBut(undefined);
        try {
          tell(await sendJson<Session>("DELETE", URL_));
        } catch (reason) {
          if (problemOf(reason).code !== "offline") throw reason;
          localStorage.setItem(LEAVING, "1");
          tell(NOBODY);
        }
      },
      retry: ask,
      over,
      leave: () => {
        if (over) tell(over.session);
        toSignIn();
      },
    }),
    [session, problem, tell, ask, over],
  );
  return <Context value={held}>{children}</Context>;
}
