/** A new round: which cells, which classes, who reads, in which mode, and how readers are checked. */
import { type FormEvent, useState } from "react";
import { Button, Checkbox, CheckboxGroup, Input, Label, NumberField, TextField } from "react-aria-components";

import { type Problem, problemOf, sendJson } from "../../api/client";
import { type PersonFacts, reads } from "../../api/people";
import { useGet, useJson } from "../../api/resource";
import { type Mode, MODES, type RoundView } from "../../api/rounds";
import { Latin } from "../../parts/Facts";
import { useWords } from "../../words/words";
import { Choice } from "../people/Choice";
import { Trouble } from "../people/Entry";

const ALL = "all-cells";
const FULL = "full";
/** As the share of hidden repeats stands in the studies that we follow. */
const USUAL_REPEATS = 0.03;
const MOST_REPEATS = 0.3;

export function OpenRound({ onOpened, onCancel }: { onOpened: (round: RoundView) => void; onCancel: () => void }) {
  const words = useWords();
  const { label, people, role } = words;
  const { data: everybody } = useJson<PersonFacts[]>("/api/people");
  const { data: queries } = useGet("/api/queries");
  const { data: taxonomy } = useGet("/api/taxonomy");
  const [name, setName] = useState("");
  const [query, setQuery] = useState("unlabeled");
  const [level, setLevel] = useState(FULL);
  const [experts, setExperts] = useState<string[]>([]);
  const [mode, setMode] = useState<Mode>("blind");
  const [repeats, setRepeats] = useState(USUAL_REPEATS);
  const [gold, setGold] = useState(0);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  // Trainees read where they are taught, and nowhere else.
  const readers = (everybody ?? []).filter(({ person, active }) => active && reads(person) && (mode === "training" || person.role !== "trainee"));
  const chosen = experts.filter((id) => readers.some(({ person }) => person.id === id));
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    const body = { name: name.trim(), query: query === ALL ? null : query, taxonomy: null, level, experts: chosen, mode, repeat_share: repeats, gold };
    try {
      onOpened(await sendJson<RoundView>("POST", "/api/rounds", body));
    } catch (reason) {
      setProblem(problemOf(reason));
      setBusy(false);
    }
  };
  const levels = [FULL, ...Object.keys(taxonomy?.levels ?? {}).filter((each) => each !== FULL)];
  return (
    <section className="entry-card">
      <h2>{label.openRound}</h2>
      <form className="entry" onSubmit={(event) => void send(event)}>
        <TextField className="text-field" value={name} onChange={setName} isRequired autoComplete="off" maxLength={64} autoFocus>
          <Label>{label.roundName}</Label>
          <Input dir="auto" />
        </TextField>
        <div className="row-form">
          <Choice
            label={label.which}
            value={query}
            options={[
              { id: ALL, name: label.allCells },
              ...(queries ?? []).map(({ query: { id, title }, cells }) => ({
                id,
                name: `${words.query[id] ?? (title || id)}${cells === null ? "" : ` (${words.number(cells)})`}`,
              })),
            ]}
            onChange={setQuery}
          />
          <Choice label={label.level} value={level} options={levels.map((id) => ({ id, name: label.levels[id] ?? id }))} onChange={setLevel} />
          <Choice label={label.modeName} value={mode} options={MODES.map((id) => ({ id, name: label.mode[id] ?? id }))} onChange={(id) => setMode(id as Mode)} />
        </div>
        <p className="quiet">{label.modeMeaning[mode]}</p>
        <CheckboxGroup className="check-group" value={chosen} onChange={setExperts}>
          <Label>{label.readers}</Label>
          {readers.map(({ person }) => (
            <Checkbox key={person.id} value={person.id} className="check">
              <span className="check-box" aria-hidden="true" />
              <Latin>{person.handle}</Latin>
              <span className="quiet">{role[person.role] ?? person.role}</span>
            </Checkbox>
          ))}
        </CheckboxGroup>
        <div className="row-form">
          <NumberField className="text-field" value={repeats} onChange={setRepeats} minValue={0} maxValue={MOST_REPEATS} step={0.01} formatOptions={{ style: "percent" }}>
            <Label>{label.repeatShare}</Label>
            <Input />
          </NumberField>
          <NumberField className="text-field" value={gold} onChange={setGold} minValue={0} step={1}>
            <Label>{label.gold}</Label>
            <Input />
          </NumberField>
        </div>
        <p className="quiet">{label.checksMeaning}</p>
        {problem ? <Trouble problem={problem} /> : null}
        <span className="page-actions">
          <Button type="submit" className="button strong" isDisabled={busy || name.trim() === "" || chosen.length === 0}>
            {label.openNow}
          </Button>
          <Button className="button" onPress={onCancel}>
            {people.cancel}
          </Button>
        </span>
      </form>
    </section>
  );
}
