/** Who has an account, what each may do, and invitations. */
import { useState } from "react";
import { Button } from "react-aria-components";

import { type Problem, problemOf, sendJson } from "../../api/client";
import { curates, type PersonFacts, type Role, ROLES } from "../../api/people";
import { useJson } from "../../api/resource";
import { Latin } from "../../parts/Facts";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import { Choice } from "./Choice";
import { Trouble } from "./Entry";
import { Invite } from "./Invite";
import { usePerson } from "./session";

export function PeoplePage() {
  const { people, audit } = useWords();
  const me = usePerson();
  const allowed = curates(me);
  const { data, problem, retry } = useJson<PersonFacts[]>(allowed ? "/api/people" : null);
  return (
    <Page
      title={people.title}
      actions={
        me?.role === "admin" ? (
          <Link className="button" href="/audit">
            {audit.open}
          </Link>
        ) : null
      }
    >
      {me === undefined ? (
        <Loading />
      ) : !allowed ? (
        <Empty title={people.notYours} hint={people.notYoursHint} />
      ) : problem ? (
        <Failed problem={problem} onRetry={retry} />
      ) : data === undefined ? (
        <Loading />
      ) : (
        <>
          <Invite onInvited={retry} />
          <div className="scroll-sideways" tabIndex={0} role="region" aria-label={people.title}>
            <table className="plain-table">
              <thead>
                <tr>
                  <th scope="col">{people.handle}</th>
                  <th scope="col">{people.role}</th>
                  <th scope="col">{people.since}</th>
                  <th scope="col">{people.state}</th>
                </tr>
              </thead>
              <tbody>
                {data.map((facts) => (
                  <Row key={facts.person.id} facts={facts} onChanged={retry} />
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </Page>
  );
}

function Row({ facts, onChanged }: { facts: PersonFacts; onChanged: () => void }) {
  const words = useWords();
  const { people, role } = words;
  const me = usePerson();
  const [problem, setProblem] = useState<Problem>();
  const { person, active } = facts;
  // An administrator who took this away from themselves could not give it back.
  const changes = me?.role === "admin" && me.id !== person.id;
  const change = (what: "role" | "active", body: object) => {
    setProblem(undefined);
    sendJson("POST", `/api/people/${encodeURIComponent(person.id)}/${what}`, body).then(onChanged, (reason: unknown) =>
      setProblem(problemOf(reason)),
    );
  };
  return (
    <tr>
      <th scope="row">
        <Latin>{person.handle}</Latin>
        {person.simulated ? <span className="mark simulated">{words.app.simulated}</span> : null}
        {problem ? <Trouble problem={problem} /> : null}
      </th>
      <td>
        {changes ? (
          <Choice
            label={people.roleOf(person.handle)}
            hidden
            value={person.role}
            options={ROLES.map((id) => ({ id, name: role[id] ?? id }))}
            onChange={(next) => change("role", { role: next as Role })}
          />
        ) : (
          (role[person.role] ?? person.role)
        )}
      </td>
      <td>{facts.since ? words.date(facts.since) : "–"}</td>
      <td>
        <span className="state-line">
          {active ? (facts.has_password ? people.active : people.withoutPassword) : people.off}
          {changes ? (
            <Button
              className="button"
              aria-label={active ? people.switchOffWho(person.handle) : people.switchOnWho(person.handle)}
              onPress={() => change("active", { active: !active })}
            >
              {active ? people.switchOff : people.switchOn}
            </Button>
          ) : null}
        </span>
      </td>
    </tr>
  );
}
