/** Signing in, joining by an invitation, and the first administrator of a new workspace. */
import { useEffect, useState } from "react";
import { Button } from "react-aria-components";

import { type Problem, problemOf, sendJson } from "../../api/client";
import type { Invitation, Person, Session } from "../../api/people";
import { useJson } from "../../api/resource";
import { Latin } from "../../parts/Facts";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { go, Link, useAddress } from "../../route/router";
import { knownSentence } from "../../words/tell";
import { useWords } from "../../words/words";
import { Entry, inside, Trouble } from "./Entry";
import { useSession } from "./session";

export function SignInPage() {
  const words = useWords();
  const { account, people, audit } = words;
  const { query } = useAddress();
  const { session, problem, retry } = useSession();
  const to = inside(query.get("to"));
  // By what we know ourselves: what else an address says is not shown, as anybody can write one.
  const why = knownSentence(query.get("detail") ?? "", words) ?? audit.signInProblem[query.get("problem") ?? ""] ?? audit.signInProblem[""];
  const needsSetup = session?.needs_setup === true && session.demo.length === 0;
  useEffect(() => {
    if (needsSetup) go("/setup", { replace: true });
  }, [needsSetup]);
  return (
    <Page title={people.signIn}>
      <div className="entry-page">
        {problem ? (
          <Failed problem={problem} onRetry={retry} />
        ) : session === undefined ? (
          <Loading />
        ) : (
          <>
            {query.get("problem") ? (
              <div className="notice failed" role="alert">
                <p className="notice-title">{session.person ? account.linkFailed : audit.signInFailed}</p>
                <p>{why}</p>
                {session.person ? (
                  <Link className="button" href="/account">
                    {account.title}
                  </Link>
                ) : null}
              </div>
            ) : null}
            {session.demo.length > 0 ? <DemoPeople people={session.demo} to={to} /> : null}
            <section className="entry-card">
              {session.demo.length > 0 ? <h2>{people.withPassword}</h2> : null}
              <Entry url="/api/session" act={people.signIn} to={to}>
                <p className="quiet">{people.noAccount}</p>
              </Entry>
            </section>
            <Provider name={session.provider} to={to} />
            {session.guests ? (
              <Link className="link" href="/">
                {people.lookAround}
              </Link>
            ) : null}
          </>
        )}
      </div>
    </Page>
  );
}

/** The way to an institution's own sign-in: another site, so a plain link. */
export function Provider({ name, to, invitation }: { name: string | null | undefined; to: string; invitation?: string }) {
  const { audit } = useWords();
  if (name === null || name === undefined) return null;
  const query = new URLSearchParams(invitation ? { to, invitation } : { to });
  return (
    <a className="button wide" href={`/api/oidc/start?${query}`}>
      {invitation ? audit.joinWith(name) : audit.signInWith(name)}
    </a>
  );
}

/** One press signs in: the demo has no passwords, as it has no patients. */
function DemoPeople({ people: demo, to }: { people: readonly Person[]; to: string }) {
  const { people, role } = useWords();
  const { enter } = useSession();
  const [problem, setProblem] = useState<Problem>();
  const choose = (handle: string) => {
    setProblem(undefined);
    sendJson<Session>("POST", "/api/session/demo", { handle }).then(
      (session) => {
        enter(session);
        go(to, { replace: true });
      },
      (reason: unknown) => setProblem(problemOf(reason)),
    );
  };
  return (
    <section className="entry-card">
      <h2>{people.demo}</h2>
      <p className="quiet">{people.demoMeaning}</p>
      <ul className="demo-people">
        {demo.map((person) => (
          <li key={person.id}>
            <Button className="button demo-person" onPress={() => choose(person.handle)}>
              <Face handle={person.handle} />
              <span>
                <Latin>{person.handle}</Latin>
                <span className="quiet">{role[person.role] ?? person.role}</span>
              </span>
            </Button>
          </li>
        ))}
      </ul>
      {problem ? <Trouble problem={problem} /> : null}
    </section>
  );
}

/** The first letter of a handle, in a circle. */
export function Face({ handle }: { handle: string }) {
  return (
    <span className="face" aria-hidden="true">
      {handle.slice(0, 1).toUpperCase()}
    </span>
  );
}

export function JoinPage({ code }: { code: string }) {
  const words = useWords();
  const { people, role } = words;
  const { session } = useSession();
  const url = `/api/invitations/${encodeURIComponent(code)}`;
  const { data: invitation, problem, retry } = useJson<Invitation>(url);
  return (
    <Page title={people.join}>
      <div className="entry-page">
        {problem ? (
          problem.code === "not-found" || problem.status === 410 ? (
            <Empty title={people.invitationOver} hint={people.invitationOverHint} />
          ) : (
            <Failed problem={problem} onRetry={retry} />
          )
        ) : invitation === undefined ? (
          <Loading />
        ) : (
          <section className="entry-card">
            <p>{people.invited(role[invitation.role] ?? invitation.role, words.date(invitation.expires_at))}</p>
            <Entry key={code} url={url} act={people.joinNow} to="/rounds" fresh handle={invitation.handle} />
            <Provider name={session?.provider} to="/rounds" invitation={code} />
          </section>
        )}
      </div>
    </Page>
  );
}

export function SetupPage() {
  const { people } = useWords();
  const { session } = useSession();
  return (
    <Page title={people.setup}>
      <div className="entry-page">
        {session && !session.needs_setup ? (
          <Empty title={people.setupDone} hint={people.setupDoneHint}>
            <Link className="button" href="/sign-in">
              {people.signIn}
            </Link>
          </Empty>
        ) : (
          <section className="entry-card">
            <p>{people.setupMeaning}</p>
            <Entry url="/api/setup" act={people.setupNow} to="/people" fresh />
          </section>
        )}
      </div>
    </Page>
  );
}
