/** Tokens for programs: what one has, a new one that is shown once, and the end of one. */
import { type FormEvent, useState } from "react";
import { Button, Input, Label, TextField } from "react-aria-components";

import { type Problem, problemOf, sendJson } from "../../api/client";
import { type Scope, SCOPES, type TokenFacts } from "../../api/people";
import { useJson } from "../../api/resource";
import { CopyField } from "../../parts/CopyField";
import { Facts } from "../../parts/Facts";
import { Failed, Loading } from "../../parts/Notice";
import { Trouble } from "../../parts/Told";
import { useWords } from "../../words/words";
import { Sheet } from "../label/Dialogs";
import { Choice } from "./Choice";

const DAYS = [7, 30, 90, 366];

export function Tokens() {
  const words = useWords();
  const { account } = words;
  const { data, problem, retry } = useJson<TokenFacts[]>("/api/tokens");
  const [made, setMade] = useState<TokenFacts>();
  const [asked, setAsked] = useState<TokenFacts>();
  const [said, setSaid] = useState("");
  const [trouble, setTrouble] = useState<Problem>();
  const end = ({ id, name }: TokenFacts) => {
    setAsked(undefined);
    setTrouble(undefined);
    sendJson("DELETE", `/api/tokens/${encodeURIComponent(id)}`).then(
      () => {
        setSaid(account.ended(name));
        if (made?.id === id) setMade(undefined);
        retry();
      },
      (reason: unknown) => setTrouble(problemOf(reason)),
    );
  };
  return (
    <section className="entry-card">
      <h2>{account.tokens}</h2>
      <p className="quiet">{account.tokensMeaning}</p>
      {problem ? (
        <Failed problem={problem} onRetry={retry} />
      ) : data === undefined ? (
        <Loading />
      ) : data.length === 0 ? (
        <p>{account.noTokens}</p>
      ) : (
        <ul className="own-list">
          {data.map((token) => (
            <li key={token.id} className="own-line">
              <div className="own-facts">
                <strong>
                  <bdi>{token.name}</bdi>
                </strong>
                <Facts
                  facts={[
                    [account.scope, account.scopeOf[token.scope] ?? token.scope],
                    [account.made, words.date(token.made_at)],
                    [account.used, token.used_at ? words.date(token.used_at) : account.unused],
                    [account.until, words.date(token.expires_at)],
                  ]}
                />
              </div>
              <Button className="button" aria-label={account.endWhich(token.name)} onPress={() => setAsked(token)}>
                {account.end}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {trouble ? <Trouble problem={trouble} /> : null}
      <p role="status" className={said ? "well" : "unseen"}>
        {said}
      </p>
      {made?.token ? (
        <div className="made-link made-token">
          <p className="notice-title" role="status">
            {account.once(made.name)}
          </p>
          <CopyField key={made.id} label={account.token} text={made.token} />
          <Button className="button" onPress={() => setMade(undefined)}>
            {account.done}
          </Button>
        </div>
      ) : (
        <Make
          onMade={(token) => {
            setSaid("");
            setMade(token);
            retry();
          }}
        />
      )}
      <Sheet title={account.endSure(asked?.name ?? "")} open={asked !== undefined} onClose={() => setAsked(undefined)}>
        <p>{account.endMeaning}</p>
        <div className="page-actions">
          <Button className="button strong" onPress={() => asked && end(asked)}>
            {account.endNow}
          </Button>
          <Button className="button" onPress={() => setAsked(undefined)}>
            {account.cancel}
          </Button>
        </div>
      </Sheet>
    </section>
  );
}

function Make({ onMade }: { onMade: (token: TokenFacts) => void }) {
  const { account } = useWords();
  const [name, setName] = useState("");
  const [scope, setScope] = useState<Scope>("read");
  const [days, setDays] = useState(90);
  const [problem, setProblem] = useState<Problem>();
  const send = (event: FormEvent) => {
    event.preventDefault();
    setProblem(undefined);
    sendJson<TokenFacts>("POST", "/api/tokens", { name: name.trim(), scope, days }).then(onMade, (reason: unknown) => setProblem(problemOf(reason)));
  };
  return (
    <form className="entry make-token" onSubmit={send} noValidate>
      <TextField className="text-field" value={name} onChange={setName} maxLength={64} autoComplete="off" isRequired>
        <Label>{account.name}</Label>
        <Input dir="auto" placeholder={account.nameHint} />
      </TextField>
      <div className="row-form">
        <Choice label={account.scope} value={scope} options={SCOPES.map((id) => ({ id, name: account.scopeOf[id] ?? id }))} onChange={(id) => setScope(id as Scope)} />
        <Choice label={account.holdsFor} value={String(days)} options={DAYS.map((each) => ({ id: String(each), name: account.days(each) }))} onChange={(id) => setDays(Number(id))} />
      </div>
      <p className="quiet">{account.scopeMeaning[scope]}</p>
      {problem ? <Trouble problem={problem} /> : null}
      <Button type="submit" className="button" isDisabled={name.trim() === ""}>
        {account.make}
      </Button>
    </form>
  );
}
