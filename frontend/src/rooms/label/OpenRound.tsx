/** A new round: which cells, which classes, who reads, in which mode, and how readers are checked. */
import { type FormEvent, useState } from "react";
import { Button, Checkbox, CheckboxGroup, Input, Label, NumberField, Radio, RadioGroup, TextField } from "react-aria-components";

import { type Problem, problemOf, sendJson } from "../../api/client";
import { type PersonFacts, reads } from "../../api/people";
import { useGet, useJson } from "../../api/resource";
import { type Mode, MODES, type RoundView } from "../../api/rounds";
import { tries } from "../../api/teaching";
import { Latin } from "../../parts/Facts";
import { useWords } from "../../words/words";
import { Choice } from "../people/Choice";
import { Trouble } from "../people/Entry";

const ALL = "all-cells";
const FULL = "full";
const UNLABELED = "unlabeled";
/** No name of a round: those have at most 64 letters. */
const EVERY = "*".repeat(65);
/** As the share of hidden repeats stands in the studies that we follow. */
const USUAL_REPEATS = 0.03;
const MOST_REPEATS = 0.3;

/** The rounds that may be a panel: closed, not of learners, and read by people; a folder's round is none. */
const panels = (rounds: readonly RoundView[] | undefined) =>
  (rounds ?? []).filter(({ as_panel }) => as_panel).map(({ name }) => ({ id: name, name }));

export function OpenRound({ onOpened, onCancel }: { onOpened: (round: RoundView) => void; onCancel: () => void }) {
  const words = useWords();
  const { label, people, role, teach } = words;
  const { data: everybody } = useJson<PersonFacts[]>("/api/people");
  const { data: queries } = useGet("/api/queries");
  const { data: taxonomy } = useGet("/api/taxonomy");
  const { data: rounds } = useJson<RoundView[]>("/api/rounds");
  const [name, setName] = useState("");
  const [asked, setQuery] = useState<string>();
  // Where all kept cells have a label, a round of those without one cannot be opened: all are meant then.
  const { data: bare } = useGet("/api/cells", {}, { query: UNLABELED, kept: true, limit: 1 });
  const query = asked ?? (bare?.total === 0 ? ALL : UNLABELED);
  const [level, setLevel] = useState(FULL);
  const [experts, setExperts] = useState<string[]>([]);
  const [mode, setMode] = useState<Mode>("blind");
  const [repeats, setRepeats] = useState(USUAL_REPEATS);
  const [gold, setGold] = useState(0);
  const [panel, setPanel] = useState(EVERY);
  const [most, setMost] = useState(NaN);
  // A guide in training; elsewhere only where it is asked for.
  const [examples, setExamples] = useState<boolean>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  // Trainees read where they are taught, and nowhere else.
  const readers = (everybody ?? []).filter(({ person, active }) => active && reads(person) && (tries(mode) || person.role !== "trainee"));
  const shows = mode !== "proficiency" && (examples ?? mode === "training");
  const chosen = experts.filter((id) => readers.some(({ person }) => person.id === id));
  const choose = (next: Mode) => {
    setMode(next);
    // What nobody has labeled has no answer of a panel.
    if (tries(next) && query === UNLABELED) setQuery(ALL);
  };
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    const body = { name: name.trim(), query: query === ALL ? null : query, taxonomy: null, level, experts: chosen, mode, repeat_share: repeats, gold, panel: tries(mode) && panel !== EVERY ? panel : null, most: Number.isNaN(most) ? null : most, examples: shows };
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
          <NumberField className="text-field" value={most} onChange={setMost} minValue={1} step={1}>
            <Label>{teach.most}</Label>
            <Input />
          </NumberField>
        </div>
        <p className="quiet">{teach.mostMeaning}</p>
        <RadioGroup className="check-group" value={mode} onChange={(id) => choose(id as Mode)}>
          <Label>{label.modeName}</Label>
          <div className="mode-cards">
            {MODES.map((id) => (
              <Radio key={id} value={id} className="mode-card">
                <strong>{label.mode[id] ?? id}</strong>
                <span className="quiet">{teach.modes[id]}</span>
              </Radio>
            ))}
          </div>
        </RadioGroup>
        {tries(mode) ? (
          <>
            <Choice label={teach.panel} value={panel} options={[{ id: EVERY, name: teach.everyPanel }, ...panels(rounds)]} onChange={setPanel} />
            <p className="quiet">{teach.panelMeaning}</p>
          </>
        ) : null}
        <Checkbox className="check" isSelected={shows} isDisabled={mode === "proficiency"} onChange={setExamples}>
          <span className="check-box" aria-hidden="true" />
          <span>
            {teach.showExamples}
            <br />
            <span className="quiet">{mode === "proficiency" ? teach.noExamplesHere : teach.examplesMeaning}</span>
          </span>
        </Checkbox>
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
