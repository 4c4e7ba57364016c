/** An invitation: a role, perhaps a handle, and a link to hand over. */
import { type FormEvent, useState } from "react";
import { Button, Input, Label, TextField } from "react-aria-components";

import { type Problem, problemOf, sendJson } from "../../api/client";
import { type Invited, type Role, ROLES } from "../../api/people";
import { CopyField } from "../../parts/CopyField";
import { useWords } from "../../words/words";
import { Choice } from "./Choice";
import { Trouble } from "./Entry";
import { usePerson } from "./session";

const OF_CURATOR: readonly Role[] = ["expert", "trainee", "viewer"];

export function Invite({ onInvited }: { onInvited: () => void }) {
  const words = useWords();
  const { people, role } = words;
  const me = usePerson();
  const roles = me?.role === "admin" ? ROLES : OF_CURATOR;
  const [chosen, setChosen] = useState<Role>("expert");
  const [handle, setHandle] = useState("");
  const [made, setMade] = useState<Invited>();
  const [problem, setProblem] = useState<Problem>();
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setProblem(undefined);
    try {
      setMade(await sendJson<Invited>("POST", "/api/people/invitations", { role: chosen, handle: handle.trim() || null }));
      setHandle("");
      onInvited();
    } catch (reason) {
      setProblem(problemOf(reason));
    }
  };
  const link = made ? window.location.origin + made.path : "";
  return (
    <section className="entry-card invite">
      <h2>{people.invite}</h2>
      <form className="row-form" onSubmit={(event) => void send(event)}>
        <Choice
          label={people.role}
          value={chosen}
          options={roles.map((id) => ({ id, name: role[id] ?? id }))}
          onChange={(id) => setChosen(id as Role)}
        />
        <TextField className="text-field" value={handle} onChange={setHandle} autoComplete="off">
          <Label>{people.handleIfKnown}</Label>
          <Input dir="auto" spellCheck={false} autoCapitalize="none" />
        </TextField>
        <Button type="submit" className="button strong">
          {people.makeLink}
        </Button>
      </form>
      {problem ? <Trouble problem={problem} /> : null}
      {made ? (
        <div className="made-link" role="status">
          <p>{people.linkMade(words.date(made.expires_at))}</p>
          <CopyField key={link} label={people.link} text={link} />
        </div>
      ) : null}
    </section>
  );
}
