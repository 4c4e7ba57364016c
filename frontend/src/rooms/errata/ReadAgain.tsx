/** A blind round over the cells of accepted reports: its name, and who reads. */
import { type FormEvent, useState } from "react";
import { Button, Checkbox, CheckboxGroup, Input, Label, TextField } from "react-aria-components";

import { type Problem, problemOf, sendJson } from "../../api/client";
import { type PersonFacts, reads } from "../../api/people";
import { useJson } from "../../api/resource";
import type { RoundView } from "../../api/rounds";
import { Trouble } from "../../parts/Told";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import { errataUrl, type ErratumView } from "./reports";

export function ReadAgain({ views, onOpened }: { views: readonly ErratumView[]; onOpened: () => void }) {
  const words = useWords();
  const { errata } = words;
  const { data: everybody } = useJson<PersonFacts[]>("/api/people");
  const [name, setName] = useState("");
  const [experts, setExperts] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  // Whoever answered a report knows what others think of its cell.
  const knowing = new Set(views.map(({ answered_by }) => answered_by));
  const readers = (everybody ?? []).filter(({ person, active }) => active && reads(person) && person.role !== "trainee" && !knowing.has(person.handle));
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      await sendJson<RoundView>("POST", `${errataUrl}/round`, { name: name.trim(), experts });
      onOpened();
    } catch (reason) {
      setProblem(problemOf(reason));
      setBusy(false);
    }
  };
  const cells = new Set(views.map(({ erratum }) => erratum.cell_id)).size;
  return (
    <section className="card errata-again">
      <h2>{errata.again(cells)}</h2>
      <p className="quiet">{errata.againMeaning}</p>
      <form className="entry" onSubmit={(event) => void send(event)}>
        <TextField className="text-field" value={name} onChange={setName} isRequired autoComplete="off" maxLength={64}>
          <Label>{words.label.roundName}</Label>
          <Input dir="auto" />
        </TextField>
        <CheckboxGroup className="check-group" value={experts} onChange={setExperts} isRequired>
          <Label>{errata.readers}</Label>
          {readers.map(({ person }) => (
            <Checkbox key={person.id} value={person.id} className="check">
              <span className="check-box" aria-hidden="true" />
              <bdi>{person.handle}</bdi>
            </Checkbox>
          ))}
        </CheckboxGroup>
        {problem ? <Trouble problem={problem} /> : null}
        <div className="row-form">
          <Button type="submit" className="button strong" isDisabled={busy || !name.trim() || experts.length === 0}>
            {errata.openRound}
          </Button>
          <Link className="button" href="/rounds">
            {words.label.rounds}
          </Link>
        </div>
      </form>
    </section>
  );
}
