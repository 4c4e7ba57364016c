/** One's own account: the password, links with the institution, and tokens for programs. */
import { type FormEvent, useState } from "react";
import { Button, Input, Label, TextField } from "react-aria-components";

import { type Problem, problemOf, sendJson } from "../../api/client";
import type { OwnAccount, Session } from "../../api/people";
import { useJson } from "../../api/resource";
import { Latin } from "../../parts/Facts";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { Trouble } from "../../parts/Told";
import { Link, useAddress } from "../../route/router";
import { useWords } from "../../words/words";
import { Sheet } from "../label/Dialogs";
import { SHORTEST_PASSWORD } from "./Entry";
import { Face } from "./EntryPages";
import { useSession } from "./session";
import { Tokens } from "./Tokens";

export function AccountPage() {
  const { account, people, role } = useWords();
  const { session } = useSession();
  const person = session?.person;
  const { data, problem, retry } = useJson<OwnAccount>(person ? "/api/account" : null);
  /** Grows when all tokens have ended: their list is then asked for anew. */
  const [ends, setEnds] = useState(0);
  const ended = () => {
    setEnds((count) => count + 1);
    retry();
  };
  return (
    <Page title={account.title}>
      {session === undefined ? (
        <Loading />
      ) : !person ? (
        <Empty title={account.signInFirst} hint={account.signInFirstHint}>
          <Link className="button strong" href="/sign-in?to=%2Faccount">
            {people.signIn}
          </Link>
        </Empty>
      ) : (
        <div className="entry-page account-page">
          <p className="account-who">
            <Face handle={person.handle} />
            <strong>
              <Latin>{person.handle}</Latin>
            </strong>
            <span className="quiet">{role[person.role] ?? person.role}</span>
          </p>
          {problem ? (
            <Failed problem={problem} onRetry={retry} />
          ) : data === undefined ? (
            <Loading />
          ) : person.simulated ? (
            <Empty title={account.ofDemo} hint={account.ofDemoHint} />
          ) : (
            <>
              <Password handle={person.handle} has={data.has_password} onChanged={ended} />
              <Links of={data} provider={session.provider ?? null} onChanged={ended} />
            </>
          )}
          <Tokens key={ends} />
        </div>
      )}
    </Page>
  );
}

function Password({ handle, has, onChanged }: { handle: string; has: boolean; onChanged: () => void }) {
  const { account, people } = useWords();
  const { enter } = useSession();
  const [now, setNow] = useState("");
  const [next, setNext] = useState("");
  const [visible, setVisible] = useState(false);
  const [done, setDone] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const send = (event: FormEvent) => {
    event.preventDefault();
    setProblem(undefined);
    setDone(false);
    sendJson<Session>("POST", "/api/session/password", { password: now, new_password: next }).then(
      (session) => {
        enter(session);
        setNow("");
        setNext("");
        setDone(true);
        onChanged();
      },
      (reason: unknown) => setProblem(problemOf(reason)),
    );
  };
  const type = visible ? "text" : "password";
  return (
    <section className="entry-card">
      <h2>{account.password}</h2>
      {has ? (
        <form className="entry" onSubmit={send} noValidate>
          <p className="quiet">{account.passwordMeaning}</p>
          <input className="unseen" type="text" name="username" autoComplete="username" value={handle} readOnly tabIndex={-1} aria-hidden="true" />
          <TextField className="text-field" value={now} onChange={setNow} type={type} autoComplete="current-password" isRequired>
            <Label>{account.now}</Label>
            <Input dir="ltr" />
          </TextField>
          <TextField className="text-field" value={next} onChange={setNext} type={type} autoComplete="new-password" isRequired>
            <Label>{account.next}</Label>
            <span className="with-button">
              <Input dir="ltr" />
              <Button className="button" aria-label={visible ? people.hidePassword : people.showPassword} onPress={() => setVisible(!visible)}>
                {visible ? people.hide : people.show}
              </Button>
            </span>
          </TextField>
          <p className="quiet">{people.passwordRule(SHORTEST_PASSWORD)}</p>
          {problem ? <Trouble problem={problem} /> : null}
          <p role="status" className={done ? "well" : "unseen"}>
            {done ? account.changed : ""}
          </p>
          <Button type="submit" className="button" isDisabled={now === "" || next === ""}>
            {account.change}
          </Button>
        </form>
      ) : (
        <p>{account.noPassword}</p>
      )}
    </section>
  );
}

function Links({ of, provider, onChanged }: { of: OwnAccount; provider: string | null; onChanged: () => void }) {
  const words = useWords();
  const { account } = words;
  const { retry } = useSession();
  const { query } = useAddress();
  const [asked, setAsked] = useState<string>();
  const [said, setSaid] = useState(query.get("linked") ? account.linked : "");
  const [problem, setProblem] = useState<Problem>();
  if (provider === null && of.identities.length === 0) return null;
  const remove = (id: string) => {
    setAsked(undefined);
    setSaid("");
    setProblem(undefined);
    sendJson<OwnAccount>("DELETE", `/api/identities/${encodeURIComponent(id)}`).then(
      () => {
        setSaid(account.unlinked);
        onChanged();
        retry();
      },
      (reason: unknown) => setProblem(problemOf(reason)),
    );
  };
  return (
    <section className="entry-card">
      <h2>{account.institution(provider ?? "")}</h2>
      <p className="quiet">{account.institutionMeaning}</p>
      {of.identities.length === 0 ? <p>{account.notLinked}</p> : null}
      <ul className="own-list">
        {of.identities.map(({ id, made_at }) => (
          <li key={id} className="own-line">
            <span>{account.linkedSince(words.date(made_at))}</span>
            <Button className="button" aria-label={account.unlinkWhich(words.date(made_at))} onPress={() => setAsked(id)}>
              {account.unlink}
            </Button>
          </li>
        ))}
      </ul>
      {problem ? <Trouble problem={problem} /> : null}
      <p role="status" className={said ? "well" : "unseen"}>
        {said}
      </p>
      {provider === null ? null : (
        <a className={of.identities.length === 0 ? "button strong wide" : "button wide"} href="/api/oidc/start?link=true&to=%2Faccount%3Flinked%3D1">
          {of.identities.length === 0 ? account.link(provider) : account.linkAnother}
        </a>
      )}
      <Sheet title={account.unlinkSure} open={asked !== undefined} onClose={() => setAsked(undefined)}>
        <p>{account.unlinkMeaning}</p>
        <div className="page-actions">
          <Button className="button strong" onPress={() => asked !== undefined && remove(asked)}>
            {account.unlinkNow}
          </Button>
          <Button className="button" onPress={() => setAsked(undefined)}>
            {account.cancel}
          </Button>
        </div>
      </Sheet>
    </section>
  );
}
